import { parseReference, type RegistryLocation } from "../../oci-client/index.ts";
import type { MirrorLock } from "../lock.ts";
import { formatMapping, sourceRepository, type TargetPaths } from "../target-paths.ts";
import { exportClients } from "./clients.ts";
import { exportContainerdHosts } from "./containerd-hosts.ts";
import type {
  ExportContext,
  Exported,
  ExportFormat,
  ExportOptions,
  MirroredRepository,
} from "./exported.ts";
import { exportDigestMirrors, exportTagMirrors } from "./mirror-sets.ts";
import { exportRegistriesConf } from "./registries-conf.ts";

const WRITERS: Readonly<Record<ExportFormat, (context: ExportContext) => Exported>> = {
  idms: exportDigestMirrors,
  itms: exportTagMirrors,
  "registries-conf": exportRegistriesConf,
  "containerd-hosts": exportContainerdHosts,
  mapping: ({ images, targets, registry }) => ({
    files: [{ name: "mapping.txt", text: formatMapping(images, targets, registry) }],
    notes: [],
  }),
  clients: exportClients,
};

/**
 * Writes what lets engines pull from the mirror under the names that images had, and what lets
 * clients find the devfile registry. The same input gives the same text.
 *
 * @param target where the images are; its prefix is part of the names of `options.targets`
 */
export function exportClusterConfig(
  { images }: Pick<MirrorLock, "images">,
  { registry }: RegistryLocation,
  options: ExportOptions,
): Exported {
  const mirrors = mirroredRepositories(images, options.targets, registry);
  const context: ExportContext = { ...options, images, registry, mirrors };
  const written = [...new Set(options.formats)].map((format) => WRITERS[format](context));
  return {
    files: written
      .flatMap(({ files }) => files)
      .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name))),
    notes: written.flatMap(({ notes }) => notes),
  };
}

function mirroredRepositories(
  images: readonly { readonly image: string }[],
  targets: TargetPaths,
  registry: string,
): readonly MirroredRepository[] {
  const named = Map.groupBy(images, ({ image }) => sourceRepository(image));
  return [...named]
    .map(([source, group]) => {
      const references = group.map(({ image }) => parseReference(image));
      return {
        source,
        mirror: `${registry}/${targets.get(source) ?? source}`,
        byTag: references.some(({ digest }) => digest === undefined),
        byDigest: references.some(({ digest }) => digest !== undefined),
      };
    })
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}
