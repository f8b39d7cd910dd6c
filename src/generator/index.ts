export * from "./build.ts";
export * from "./build-folder.ts";
export * from "./build-info.ts";
export { type ChangedFiles, findChangedFiles } from "./changed/index.ts";
export { decodedPath } from "./decoded-path.ts";
export * from "./devfile-value.ts";
export * from "./diff/index.ts";
export type { OnDuplicate } from "./duplicates.ts";
export * from "./fetch-cache.ts";
export type { FetchDevfile } from "./fetch-devfile.ts";
export * from "./fetch-once.ts";
export * from "./fetch-record.ts";
export * from "./findings.ts";
export * from "./folder-source.ts";
export * from "./generate.ts";
export * from "./generation-order.ts";
export * from "./git-history.ts";
export * from "./go-json.ts";
export * from "./icons.ts";
export * from "./icons-format.ts";
export { type ImportOptions, PUBLIC_REGISTRIES } from "./imports/index.ts";
export * from "./index-json.ts";
export * from "./index-schema.ts";
export * from "./keep-versions.ts";
export * from "./memory-build.ts";
export type { FindImages, FoundImage } from "./named-images.ts";
export type { Outside } from "./online/index.ts";
export * from "./open-project.ts";
export * from "./ordering.ts";
export * from "./overlaid-files.ts";
export { normaliseAddress } from "./own-devfiles.ts";
export * from "./pack-index.ts";
export * from "./pack-stack.ts";
export * from "./package-stack.ts";
export * from "./package-stack-archive.ts";
export {
  type FetchableReference,
  type FlattenedStarters,
  flattenStarters,
  type ImportedDevfile,
} from "./parents/index.ts";
export * from "./public-source.ts";
export * from "./publish-build.ts";
export * from "./published-build.ts";
export * from "./read-build.ts";
export * from "./read-build-files.ts";
export type { ReadHistory } from "./read-dates.ts";
export * from "./registry-source.ts";
export * from "./repository-address.ts";
export * from "./rerender-build.ts";
export { readStackArchive } from "./stack-archive.ts";
export * from "./stack-source.ts";
export * from "./starter-project.ts";
export * from "./write-build.ts";
