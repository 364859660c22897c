// Puts what proof.html checks beside it: folders of tests/goldens/json as one file each, ONNX' node tests and the gradient cases.
//
//   tests/goldens/json/layers/*.json  ->  proof/layers.json      (a list, in the order of names)
//   tests/goldens/gradients.json      ->  proof/gradients.json
//   tests/onnx/cases.json             ->  proof/onnx.json

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { GOLDEN_FOLDERS } from "./src/proof/cases.ts";

const tests = fileURLToPath(new URL("../tests/", import.meta.url));

function folder(name: string): string {
  const path = `${tests}goldens/json/${name}/`;
  const files = readdirSync(path).filter((file) => file.endsWith(".json"));
  // Without the line breaks that keep the committed files readable.
  const cases = files.sort().map((file) => JSON.parse(readFileSync(path + file, "utf8")) as unknown);
  return JSON.stringify(cases);
}

function files(): Record<string, () => string> {
  const folders = Object.keys(GOLDEN_FOLDERS).map((name) => [`proof/${name}.json`, () => folder(name)] as const);
  return {
    ...Object.fromEntries(folders),
    "proof/gradients.json": () => readFileSync(`${tests}goldens/gradients.json`, "utf8"),
    "proof/onnx.json": () => readFileSync(`${tests}onnx/cases.json`, "utf8"),
  };
}

export function proofData(): Plugin {
  return {
    name: "proof-data",
    generateBundle() {
      for (const [fileName, source] of Object.entries(files())) {
        this.emitFile({ type: "asset", fileName, source: source() });
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const source = files()[(request.url ?? "").replace(/^\//, "")];
        if (!source) return next();
        response.setHeader("content-type", "application/json");
        response.end(source());
      });
    },
  };
}
