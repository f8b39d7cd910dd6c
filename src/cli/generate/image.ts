import { resolve } from "node:path";
import {
  type ComposeOptions,
  composeImage,
  type LocatedImage,
  pushImage,
  resolveBase,
  type StoredImage,
  writeDockerArchive,
  writeLayoutImage,
} from "../../airgap/index.ts";
import { DevregError } from "../../errors.ts";
import type { Build } from "../../generator/index.ts";
import { STOP_GRACE_MS } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import {
  formatReference,
  parseImageReference,
  platformName,
  type ReadonlyRepository,
  type Reference,
} from "../../oci-client/index.ts";
import type { StartProgress } from "../../progress.ts";
import type { ProcessEdge } from "../edge.ts";
import { openExecutables } from "../executables.ts";
import type { FlagValues } from "../flag.ts";
import { DEFAULT_BASE, LAYOUT_SCHEME, openImageSource } from "../image-source.ts";
import { openRegistries, type Registries } from "../mirror/registries.ts";
import type { generateFlags } from "./flags.ts";
import { type ImageTarget, imageTargetName } from "./image-target.ts";

type Config = FlagValues<typeof generateFlags>;

/** What says how it goes. */
export interface Tools {
  readonly log: Logger;
  readonly progress: StartProgress;
}

/** An image that was written. */
export interface WrittenImage extends StoredImage {
  readonly name: string;
}

/** Writes the image of a build. @throws {DevregError} as the base, the build and the target do */
export type WriteImage = (build: Build) => Promise<WrittenImage>;

/**
 * Prepares what `--image` asks for: checks that its flags go together and opens the executables, so
 * that the work before it is not done in vain. Undefined without the flag.
 *
 * @throws {DevregError} USAGE; as opening executables does
 */
export async function prepareImage(
  edge: ProcessEdge,
  config: Config,
  tools: Tools,
): Promise<WriteImage | undefined> {
  const { image: target, check } = config;
  if (target === undefined || check) return undefined;
  checkNetwork(config, target);
  const platforms = platformsOf(edge, config, target);
  const executables = await openExecutables(edge, config);
  if (executables.size === 0) throw noExecutable();
  return async (build) => {
    const registries = await openRegistries(edge, config, tools.log, STOP_GRACE_MS);
    try {
      const { source, root } = await openBase(edge, config, registries);
      const base = await resolveBase(source, root);
      const parts = { base, source, build, executables, ...platforms };
      const stored = await write(edge, target, parts, registries, tools.progress);
      return { ...stored, name: imageTargetName(target) };
    } finally {
      await registries.close();
    }
  };
}

function checkNetwork({ noNetwork, base = DEFAULT_BASE }: Config, target: ImageTarget): void {
  const far = [
    ...(target.kind === "registry" ? [imageTargetName(target)] : []),
    ...(base.startsWith(LAYOUT_SCHEME) ? [] : [base]),
  ];
  const [first] = far;
  if (!noNetwork || first === undefined) return;
  throw new DevregError("USAGE", `Cannot reach "${first}": --no-network forbids it`, {
    hint: "Name a base on this machine, --base oci:DIR[:TAG], and a file or folder for the image",
  });
}

/** Archives hold one platform: that of this machine, unless told. */
function platformsOf(
  { executable }: ProcessEdge,
  { platform }: Config,
  target: ImageTarget,
): Pick<ComposeOptions, "platforms"> {
  const asked = platform.map(platformName);
  if (target.kind !== "archive") return asked.length === 0 ? {} : { platforms: asked };
  if (asked.length === 1) return { platforms: asked };
  if (asked.length === 0 && executable !== undefined) {
    return { platforms: [`linux/${executable.platform.architecture}`] };
  }
  throw new DevregError("USAGE", `Cannot write "${target.file}": an archive holds one platform`, {
    hint: "Name it: --platform OS/ARCH",
  });
}

async function openBase(
  edge: ProcessEdge,
  { base = DEFAULT_BASE }: Config,
  registries: Registries,
): Promise<LocatedImage> {
  if (base.startsWith(LAYOUT_SCHEME)) return openImageSource(edge, base);
  const reference = parseImageReference(base);
  const source = registries.source(reference.registry).repository(reference.repository);
  const root = await resolveFar(source, reference);
  if (root !== undefined) return { source, root };
  const name = formatReference(reference);
  throw new DevregError("NOT_FOUND", `Cannot find base image "${name}": it is not there`, {
    hint: "Name another: --base REF or --base oci:DIR[:TAG]",
  });
}

/** Who named no base does not know why that registry is asked. */
async function resolveFar(source: ReadonlyRepository, reference: Reference) {
  try {
    return await source.resolve(wantedOf(reference));
  } catch (error) {
    if (!(error instanceof DevregError) || error.code !== "NETWORK") throw error;
    const name = formatReference(reference);
    throw new DevregError("NETWORK", `Cannot fetch base image "${name}": ${error.message}`, {
      hint: error.hint ?? "Name a base on this machine: --base oci:DIR[:TAG]",
      cause: error,
    });
  }
}

function wantedOf({ tag = "latest", digest }: Reference): string {
  return digest ?? tag;
}

async function write(
  { cwd }: ProcessEdge,
  target: ImageTarget,
  parts: ComposeOptions,
  registries: Registries,
  progress: StartProgress,
): Promise<StoredImage> {
  const image = await composeImage(parts);
  if (target.kind === "archive") {
    return writeDockerArchive(resolve(cwd, target.file), image, target.names);
  }
  if (target.kind === "layout") {
    return writeLayoutImage(resolve(cwd, target.folder), image, target.tag, progress);
  }
  const { registry, repository } = target.reference;
  const into = registries.target({ registry, prefix: "" }).repository(repository);
  return pushImage(image, { target: into, tags: [target.tag], progress });
}

function noExecutable(): DevregError {
  return new DevregError("USAGE", "Cannot make an image: no devreg executable is known", {
    hint: "devreg runs from source here; name an executable: --binary linux/amd64=FILE",
  });
}
