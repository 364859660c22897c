// One set of rules for every TypeScript file; tests/e2e takes it over.
import { defineConfig } from "eslint/config";
import js from "@eslint/js";
import globals from "globals";
import lit from "eslint-plugin-lit";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist", "public", "node_modules", "*.config.js", "minify.js", "first-visit*.js"] },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  lit.configs["flat/recommended"],
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true },
    },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": ["error", { allow: ["warn", "error"] }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      // Names of columns and classes come from the user's files: they enter the page as text, never as markup.
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({
          property,
          message: "Text enters the page through textContent or a Lit template.",
        })),
      ],
      "no-restricted-imports": [
        "error",
        { paths: ["lit/directives/unsafe-html.js", "lit/directives/unsafe-svg.js"] },
      ],
    },
  },
);
