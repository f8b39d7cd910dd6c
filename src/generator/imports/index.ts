export * from "./resolve-imports.ts";
