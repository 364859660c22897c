#!/usr/bin/env bash
# Makes tests/goldens/json anew with Keras, and tests/onnx with the node tests of ONNX. `cargo xtask goldens` runs this; the tests themselves need no Python.
# The virtual environment stands under target/ and is made again only when requirements.txt has changed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
environment="${CARGO_TARGET_DIR:-$root/target}/goldens-venv"
stamp="$environment/requirements.txt"

command -v python3 >/dev/null || {
  echo "goldens: python3 was not found; install it (Debian: apt-get install python3 python3-venv) and run this again" >&2
  exit 1
}
if ! cmp -s "$here/requirements.txt" "$stamp"; then
  echo "goldens: making the Python environment in $environment"
  rm -rf "$environment"
  python3 -m venv "$environment" || {
    echo "goldens: python3 cannot make a virtual environment; Debian keeps that in python3-venv" >&2
    exit 1
  }
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$stamp"
fi
cd "$here"
export KERAS_BACKEND=jax JAX_PLATFORMS=cpu PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
# One thread and no fast maths: the order of Keras' own sums is then the same on every run.
export XLA_FLAGS="--xla_cpu_multi_thread_eigen=false --xla_cpu_enable_fast_math=false"
"$environment/bin/python" generate.py "$@"
# The node tests of ONNX change only with its version or our mappings: not where a part of the goldens was asked for.
[ $# -gt 0 ] || "$environment/bin/python" "$root/tests/onnx/generate.py"
