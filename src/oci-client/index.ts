export * from "./content.ts";
export * from "./copy.ts";
export * from "./descriptor.ts";
export * from "./digest.ts";
export * from "./image-graph.ts";
export * from "./image-reference.ts";
export * from "./join-registries.ts";
export * from "./layout.ts";
export {
  createLayout,
  type LayoutOptions,
  openLayout,
  openReadonlyLayout,
} from "./layout-folder.ts";
export { isLayoutName } from "./layout-name.ts";
export type * from "./layout-ports.ts";
export * from "./layout-prune.ts";
export {
  type LayoutParts,
  LayoutRepository,
  type ReadonlyLayoutParts,
  ReadonlyLayoutRepository,
} from "./layout-repository.ts";
export { openTarLayout, TarLayoutRegistry } from "./layout-tar.ts";
export * from "./layout-tar-options.ts";
export { readTarStream, type TarStreamOptions } from "./layout-tar-stream.ts";
export { createTarLayout } from "./layout-tar-writer.ts";
export * from "./manifest.ts";
export * from "./media-types.ts";
export * from "./memory.ts";
export * from "./platform.ts";
export * from "./read-platforms.ts";
export * from "./reference.ts";
export * from "./transfer.ts";
export type { TransferTarget } from "./transfer-run.ts";
export * from "./verify.ts";
