export * from "./discover/index.ts";
export * from "./glob.ts";
export * from "./lock.ts";
export * from "./lock-compare.ts";
export * from "./lock-file.ts";
export * from "./occurrence.ts";
export * from "./plan/index.ts";
export * from "./target-paths.ts";
