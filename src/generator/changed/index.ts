export * from "./changed-files.ts";
export type { ChangedScope } from "./changed-scope.ts";
export * from "./choose-scopes.ts";
