// How the page is built: every HTML file beside this one is a page of its own; the engine's files in public/engine are
// copied untouched, because each variant was already bundled by its own tools and finds its parts by relative address.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { earlyEngine } from "./early.plugin";
import { proofData } from "./goldens.plugin";
import { policy } from "./policy.plugin";
import { modelTypes } from "./types.plugin";
import { smallStyles } from "./styles.plugin";
import { engineVersion } from "./version.plugin";

const pages = ["index", "embed", "frame", "gallery", "proof"];
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  // Relative addresses: the built folder works under any path of any host.
  base: "./",
  // The policy comes last, so that it stands above all scripts.
  plugins: [proofData(), smallStyles(), modelTypes(), earlyEngine(), engineVersion(), policy()],
  build: {
    outDir: "dist",
    target: ["chrome111", "firefox121", "safari16.4"],
    // Nothing is inlined as data: the content security policy allows only files of our own.
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      input: {
        ...Object.fromEntries(pages.map((page) => [page, here(`${page}.html`)])),
        tabgrad: here("src/tabgrad.ts"),
        model: here("src/model/index.ts"),
      },
      preserveEntrySignatures: "exports-only",
      // Pages of others name these scripts; all else is named by its contents, so that it can be cached for good.
      output: {
        entryFileNames: ({ name }) =>
          name === "tabgrad" || name === "model" ? `${name}.js` : "assets/[name]-[hash].js",
      },
    },
  },
  worker: { format: "es" },
  server: { host: "127.0.0.1", strictPort: true },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
  },
});
