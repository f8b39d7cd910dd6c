import { NO_RULES } from "../../src/airgap/discover/index.ts";
import { MirrorItems } from "../../src/airgap/mirror-report.ts";
import { type MirrorPlan, makePlan, type PlanOptions } from "../../src/airgap/plan/index.ts";
import { DevregError } from "../../src/errors.ts";
import type { Build } from "../../src/generator/index.ts";
import { makeOffline } from "../../src/generator/offline/index.ts";
import { silentLogger } from "../../src/log.ts";
import { MemoryRegistry, type ReadonlyRegistry } from "../../src/oci-client/index.ts";
import { noProgress } from "../../src/progress.ts";
import { offlineDeps, svg } from "./offline-deps.ts";
import { devfileText, generateFiles } from "./registry-repository.ts";
import { multiPlatformImage, pushImage } from "./sample-image.ts";

/** A small world to mirror: images at their registries, and the registry of devfiles. */
export interface SmallWorld {
  readonly build: Build;
  readonly source: (host: string) => ReadonlyRegistry;
  readonly registries: ReadonlyMap<string, MemoryRegistry>;
}

/** What every step of a mirror is told. */
export function mirrorTools() {
  return {
    items: new MirrorItems(),
    log: silentLogger,
    progress: noProgress,
    nowMs: () => 0,
  };
}

/** Makes stacks, each with one container for each of its images, and puts the images there. */
export async function smallWorld(
  stacks: Readonly<Record<string, readonly string[]>>,
): Promise<SmallWorld> {
  const files = Object.entries(stacks).map(([name, images]) => {
    const components = images.map(
      (image, at) => `  - name: c${at}\n    container:\n      image: "${image}"`,
    );
    const list = components.length === 0 ? " []" : `\n${components.join("\n")}`;
    const text = devfileText({ name, icon: "logo.svg" }, `components:${list}\n`);
    return [
      [`stacks/${name}/devfile.yaml`, text],
      [`stacks/${name}/logo.svg`, svg(name)],
    ];
  });
  const { build, report } = await generateFiles(Object.fromEntries(files.flat()), {
    offline: (content) => makeOffline(content, offlineDeps({})),
  });
  if (build === undefined) throw new Error(`the sample is wrong: ${JSON.stringify(report)}`);
  const registries = new Map<string, MemoryRegistry>();
  for (const image of new Set(Object.values(stacks).flat())) {
    const [, host = "", repository = "", tag = ""] = /^([^/]+)\/(.+):(.+)$/.exec(image) ?? [];
    const registry = registries.get(host) ?? new MemoryRegistry();
    registries.set(host, registry);
    const content = multiPlatformImage(`${repository}:${tag}`, ["linux/amd64", "linux/arm64"]);
    await pushImage(registry.repository(repository), tag, content);
  }
  const source = (host: string) => {
    const registry = registries.get(host);
    if (registry !== undefined) return registry;
    throw new DevregError("NETWORK", `Cannot reach "${host}": no such host`);
  };
  return { build, source, registries };
}

/** Plans the mirror of a build whose images are at some registries. */
export function planOf(
  { build, source }: Pick<SmallWorld, "build" | "source">,
  options: Partial<PlanOptions> = {},
): Promise<MirrorPlan> {
  return makePlan({
    authored: build,
    offline: build,
    fetched: { projects: [], files: [] },
    sources: source,
    rules: NO_RULES,
    platforms: [],
    platformMode: "strip",
    referrers: true,
    include: [],
    exclude: [],
    log: silentLogger,
    progress: noProgress,
    signal: new AbortController().signal,
    ...options,
  });
}
