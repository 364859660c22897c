// How the page is built: every HTML file beside this one is a page of its own; the engine's files in public/engine are
// copied untouched, because each variant was already bundled by its own tools and finds its parts by relative address.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const pages = ["index", "embed", "frame", "gallery"];
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  // Relative addresses: the built folder works under any path of any host.
  base: "./",
  build: {
    outDir: "dist",
    target: ["chrome111", "firefox121", "safari16.4"],
    // Nothing is inlined as data: the content security policy allows only files of our own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: Object.fromEntries(
        pages.filter((page) => existsSync(here(`${page}.html`))).map((page) => [page, here(`${page}.html`)]),
      ),
    },
  },
  worker: { format: "es" },
  server: { host: "127.0.0.1", strictPort: true },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
  },
});
