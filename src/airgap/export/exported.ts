import type { RegistryIndex } from "../../generator/index.ts";
import type { RegistryLocation } from "../../oci-client/index.ts";
import type { LockedImage } from "../lock.ts";
import type { TargetPaths } from "../target-paths.ts";

/** What can be written for the clients and engines of a cluster. */
export const EXPORT_FORMATS = [
  "idms",
  "itms",
  "registries-conf",
  "containerd-hosts",
  "mapping",
  "clients",
] as const;

/** One of {@link EXPORT_FORMATS}. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A file to be written. */
export interface ExportedFile {
  /** Path below the folder of the export. */
  readonly name: string;
  readonly text: string;
}

/** The files of an export. */
export interface Exported {
  /** Sorted by name. */
  readonly files: readonly ExportedFile[];
  /** What could not be written, each with its reason. */
  readonly notes: readonly string[];
}

/** What an export is about. */
export interface ExportOptions {
  readonly formats: readonly ExportFormat[];
  /** Where each source repository is at the registry. */
  readonly targets: TargetPaths;
  /** Whether the registry is reached without TLS. */
  readonly insecure: boolean;
  /** The name of objects in a cluster, and of the registry in clients: "devfile-registry". */
  readonly name: string;
  /** Where users reach the devfile registry, without a slash at its end. */
  readonly publicUrl?: string | undefined;
  /** The devfile registry that is served there. */
  readonly index?: RegistryIndex | undefined;
}

/** What the writer of one format works from. */
export interface ExportContext extends ExportOptions {
  readonly images: readonly LockedImage[];
  readonly registry: RegistryLocation["registry"];
  /** Sorted by source. */
  readonly mirrors: readonly MirroredRepository[];
}

/** What the writers for single clients work from. */
export interface ClientContext extends ExportContext {
  readonly publicUrl: string;
}

/** A source repository and where it is mirrored. */
export interface MirroredRepository {
  /** "quay.io/devfile/udi" */
  readonly source: string;
  /** "registry.internal:5000/mirror/quay.io/devfile/udi" */
  readonly mirror: string;
  /** Whether any image of it is named by tag alone, and whether any by digest. */
  readonly byTag: boolean;
  readonly byDigest: boolean;
}
