export {
  appendBuild,
  type ComposeOptions,
  composeImage,
  replaceBuild,
} from "./append-build.ts";
export { type BaseImage, type PlatformImage, resolveBase } from "./base-image.ts";
export type { ComposedImage, LeftOutPlatform, StoredImage } from "./compose-image.ts";
export { writeDockerArchive } from "./docker-archive.ts";
export { type Executable, type Executables, openExecutable } from "./executable.ts";
export { type LocatedImage, openLayoutImage, writeLayoutImage } from "./layout-image.ts";
export { type ImageDestination, pushImage } from "./push-image.ts";
