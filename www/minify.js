// Makes the JavaScript beside each variant of the engine small: `node minify.js FILE...`, in place. wasm-bindgen writes it
// with comments and long names, and Vite copies it untouched.

import { readFileSync, writeFileSync } from "node:fs";
import { minifySync } from "vite";

for (const file of process.argv.slice(2)) {
  const { code, errors } = minifySync(file, readFileSync(file, "utf8"), { module: true });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  writeFileSync(file, code);
}
