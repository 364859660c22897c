// The rules of the page hold for its tests.
export { default } from "../../www/eslint.config.js";
