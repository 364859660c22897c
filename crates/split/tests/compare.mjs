// `node compare.mjs mark MARKED ADDRESS COUNT FILE` calls every export with the first inputs and keeps what was noted;
// `node compare.mjs compare WHOLE FIRST REST` calls the two halves and the whole with all inputs and tells what differs;
// `node compare.mjs customs MODULE` tells its custom sections.

import { readFileSync, writeFileSync } from "node:fs";

/** Of these the first are a first visit. */
const inputs = Array.from({ length: 40 }, (_, seed) => [(seed * 7919) % 101, seed % 7, (seed * 31) % 13]);
const visit = 4;

const compiled = (file) => new WebAssembly.Module(readFileSync(file));
const [task, ...files] = process.argv.slice(2);

/** What a call gives, a trap included, and the memory after it. */
function outcome(instance, name, values) {
  const memory = new Uint32Array(instance.exports.memory.buffer, 0, 16);
  memory.fill(0);
  let result;
  try {
    result = instance.exports[name](...values);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    result = error.message;
  }
  return `${name}(${values}) = ${result} [${memory}]`;
}

const names = (instance) => Object.keys(instance.exports).filter((name) => /^test/.test(name));

if (task === "mark") {
  const [file, address, count, marks] = files;
  const instance = new WebAssembly.Instance(compiled(file), { env: { load() {} } });
  for (const name of names(instance)) for (const values of inputs.slice(0, visit)) outcome(instance, name, values);
  writeFileSync(marks, new Uint8Array(instance.exports.memory.buffer, Number(address), Number(count)));
} else if (task === "customs") {
  const module = compiled(files[0]);
  const read = (name) => WebAssembly.Module.customSections(module, name).map((bytes) => new TextDecoder().decode(bytes));
  const found = ["words", "target_features"].map((name) => [name, read(name)]).filter(([, texts]) => texts.length > 0);
  console.log(JSON.stringify(Object.fromEntries(found.map(([name, texts]) => [name, texts.join()]))));
} else {
  const [whole, first, rest] = files;
  const expected = new WebAssembly.Instance(compiled(whole), { env: { load() {} } });
  let loads = 0;
  const load = () => {
    loads += 1;
    new WebAssembly.Instance(compiled(rest), { first: half.exports });
  };
  const half = new WebAssembly.Instance(compiled(first), { env: { load } });
  const differences = [];
  for (const part of [inputs.slice(0, visit), inputs.slice(visit)]) {
    for (const name of names(expected)) {
      for (const values of part) {
        const [one, two] = [outcome(expected, name, values), outcome(half, name, values)];
        if (one !== two) differences.push(`${one}, but in halves ${two}`);
      }
    }
    console.log(`loads ${loads}`);
  }
  console.log(differences.slice(0, 5).join("\n"));
  console.log(`differences ${differences.length}`);
}
