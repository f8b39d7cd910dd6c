export type { ImportedFile } from "./imported-files.ts";
export * from "./reference.ts";
export * from "./resolve.ts";
