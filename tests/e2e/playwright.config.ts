// `cargo xtask test e2e` builds the page, serves it twice on free ports and names both addresses here:
//   TABGRAD_URL           with the isolation headers: threads
//   TABGRAD_URL_PLAIN     without them: one thread
//   TABGRAD_CHROMIUM      the system's Chromium
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { defineConfig } from "@playwright/test";

function need(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`cargo xtask test e2e\``);
  return value;
}

function chromium(): string {
  const named = process.env["TABGRAD_CHROMIUM"];
  if (named) return named;
  for (const folder of (process.env["PATH"] ?? "").split(delimiter))
    for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
      if (existsSync(join(folder, name))) return join(folder, name);
  throw new Error("no Chromium on PATH: `cargo xtask setup` installs it");
}

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../../target/e2e",
  // The engine uses every core by itself: one test at a time keeps time limits meaningful.
  workers: 1,
  fullyParallel: false,
  forbidOnly: !!process.env["CI"],
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: process.env["TABGRAD_E2E_REPORT"]
    ? [["list"], ["json", { outputFile: process.env["TABGRAD_E2E_REPORT"] }]]
    : [["list"]],
  use: {
    baseURL: need("TABGRAD_URL"),
    viewport: { width: 1280, height: 900 },
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium(),
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-background-networking"],
    },
  },
  projects: [{ name: "chromium", use: { browserName: "chromium" } }],
});
