// Puts the types of the model for programs beside its script: src/model and the few files that it takes types from, as
// TypeScript declares them.
//
//   src/model/index.ts  ->  model.d.ts          (names types/model/index)
//   src/model/*.ts, ... ->  types/model/*.d.ts

import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { Plugin } from "vite";

const source = fileURLToPath(new URL("src/", import.meta.url));

export function modelTypes(): Plugin {
  return {
    name: "model-types",
    apply: "build",
    generateBundle() {
      const program = ts.createProgram([`${source}model/index.ts`], {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
        types: ["vite/client"],
        strict: true,
        skipLibCheck: true,
        declaration: true,
        emitDeclarationOnly: true,
        stripInternal: true,
        rootDir: source,
      });
      // Of what is only used inside nothing is said outside.
      const wanted = /^(model\/(index|layer|model|optimizer|types)|engine\/(protocol|report|schema))\.d\.ts$/;
      program.emit(undefined, (path, text) => {
        const name = relative(source, path).replaceAll("\\", "/");
        if (wanted.test(name)) this.emitFile({ type: "asset", fileName: `types/${name}`, source: text });
      });
      this.emitFile({ type: "asset", fileName: "model.d.ts", source: 'export * from "./types/model/index";\n' });
    },
  };
}
