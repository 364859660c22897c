// A worker with one peer. The script that its address names (`?peer=tensorflow`) sets `peer`:
//
//   start({ threads, backend })   loads the library; gives its version
//   prepare(workload, data)       gives a function that does some steps and gives their number, or throws why it cannot
//   product(form, m, n, k)        the same for a product of matrices, where the library has one for itself
importScripts("noise.js", `${new URL(location.href).searchParams.get("peer")}.js`);

/* global peer, noiseFor */
let run;

/** Milliseconds of a step: as many as fit into the budget, at least one call. */
async function measure(budgetMs) {
  const begin = performance.now();
  let steps = 0;
  do steps += await run();
  while (performance.now() - begin < budgetMs);
  return (performance.now() - begin) / steps;
}

/** Milliseconds that it takes to make what a step or prediction needs. */
async function prepare(workload) {
  if (workload.product) {
    if (!peer.product) throw new Error("makes no products for themselves");
    run = await peer.product(...workload.product);
    return 0;
  }
  const data = noiseFor(workload);
  const begin = performance.now();
  run = await peer.prepare(workload, data);
  return performance.now() - begin;
}

onmessage = async ({ data, ports }) => {
  try {
    let value = 0;
    if (data.start) value = await peer.start(data.start);
    else if (data.workload) value = await prepare(data.workload);
    else value = await measure(data.budgetMs);
    ports[0].postMessage({ value });
  } catch (error) {
    ports[0].postMessage({ error: String(error?.message ?? error).split("\n")[0] });
  }
};
