// A worker with one peer. The script that its address names (`?peer=tensorflow`) sets `peer`:
//
//   start({ threads, backend })   loads the library; gives its version
//   prepare(workload, data)       gives a function that does some steps and gives their number, or throws why it cannot
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

onmessage = async ({ data, ports }) => {
  try {
    let value = 0;
    if (data.start) value = await peer.start(data.start);
    else if (data.workload) run = await peer.prepare(data.workload, noiseFor(data.workload));
    else value = await measure(data.budgetMs);
    ports[0].postMessage({ value });
  } catch (error) {
    ports[0].postMessage({ error: String(error?.message ?? error).split("\n")[0] });
  }
};
