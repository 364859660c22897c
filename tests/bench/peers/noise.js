// The data of the benchmarks: rows of noise, tokens where a workload has them. For workers of any kind.
// eslint-disable-next-line no-unused-vars
function noiseFor({ input, target, tokens, steps, predict, training }) {
  const width = input.reduce((a, b) => a * b);
  const rows = predict ?? steps * training.batch_size;
  let seed = 1;
  const noise = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const x = Float32Array.from({ length: rows * width }, () => (tokens ? Math.floor(noise() * tokens) : noise() - 0.5));
  const classes = target.classes ?? target.sequence?.classes;
  const y = Float32Array.from({ length: rows * (target.values ?? target.sequence?.length ?? 1) }, () =>
    classes ? Math.floor(noise() * classes) : noise(),
  );
  return { x, y, rows, width, classes };
}
