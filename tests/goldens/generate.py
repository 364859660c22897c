"""Writes tests/goldens/json: what Keras computes for models, data and weights that Tabgrad then has to reproduce.

    regenerate.sh            all goldens
    regenerate.sh --check    fails when the committed files differ from what Keras says now
    regenerate.sh --only layers/merging
                             only that group, or that family of layers; nothing is removed

One file is one case, in the words of Tabgrad's own specs; README.md describes the fields.
"""

import argparse
import itertools
import pathlib
import sys

from keras_goldens import arguments, blocks, constraints, graphs, initial, initializers, layers, losses, metrics, models, optimizers, rates, reports, trajectories
from keras_goldens.write import to_json

FOLDER = pathlib.Path(__file__).parent / "json"
GROUPS = [layers, blocks, graphs, losses, optimizers, metrics, models, initial, initializers, constraints, rates, reports, trajectories, arguments]


def name(module) -> str:
    """`layers/merging`"""
    return module.__name__.split(".", 1)[1].replace(".", "/")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed files and write nothing")
    parser.add_argument("--only", default="", help="a group, or a family of layers: layers/merging")
    check, only = (options := parser.parse_args()).check, options.only

    files = {}
    for group in GROUPS:
        kind = group.__name__.rsplit(".", 1)[1]
        parts = [part for part in getattr(group, "FAMILIES", [group]) if name(part).startswith(only)]
        for case in itertools.chain.from_iterable(part.cases() for part in parts):
            path = FOLDER / kind / f"{case['name']}.json"
            assert path not in files, f"two cases are called {kind}/{case['name']}"
            files[path] = to_json(case)
        print(f"goldens: {kind}: {sum(path.parent.name == kind for path in files)}", flush=True)

    stale = [] if only else sorted(set(FOLDER.rglob("*.json")) - set(files))
    differing = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    if check:
        for path in stale + differing:
            print(f"goldens: {path.relative_to(FOLDER)} is not what Keras says now", file=sys.stderr)
        return 1 if stale or differing else 0
    for path in stale:
        path.unlink()
    for path in differing:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path])
    size = sum(len(text) for text in files.values())
    print(f"goldens: {len(files)} files, {size / 1000:.0f} kB, {len(differing)} changed, {len(stale)} removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
