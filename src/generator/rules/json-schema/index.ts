export type { ValueIssue, ValuePath } from "./check.ts";
export * from "./compile.ts";
