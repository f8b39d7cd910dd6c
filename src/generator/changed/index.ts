export * from "./changed-files.ts";
export * from "./changed-scope.ts";
