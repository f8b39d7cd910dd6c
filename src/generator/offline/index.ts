export type { ParentMode } from "./bring-parents.ts";
export type { OpenProject } from "./bring-projects.ts";
export type { FetchDevfile } from "./devfile-reader.ts";
export * from "./make-offline.ts";
