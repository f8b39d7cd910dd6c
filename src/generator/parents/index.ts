export * from "./flatten.ts";
export * from "./flatten-starters.ts";
export type { ImportedFile } from "./imported-files.ts";
export * from "./problem.ts";
export * from "./reference.ts";
export * from "./resolve.ts";
