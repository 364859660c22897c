// `cargo xtask bench`: measurements in Chromium, with the same browser and servers as the tests.
import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

export default defineConfig({
  ...tests,
  testMatch: "*.bench.ts",
  timeout: 1_800_000,
  reporter: [["line"]],
});
