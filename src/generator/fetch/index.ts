export * from "./commit-history.ts";
export { remoteOf, resolveRevision } from "./fetch-git.ts";
export * from "./fetch-project.ts";
export * from "./fetch-repository.ts";
export * from "./git-address.ts";
export * from "./git-credentials.ts";
export * from "./project.ts";
export * from "./run-git.ts";
export * from "./zip-tree.ts";
