export { importsByPath } from "./references-of.ts";
export * from "./resolve-imports.ts";
