export * from "./diff-builds.ts";
export * from "./diff-index.ts";
export * from "./diff-names.ts";
