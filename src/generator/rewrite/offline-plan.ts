import type { YamlEdit, YamlPath } from "./edit.ts";
import type { Origin, OriginValue } from "./origin.ts";

/** The stack of the registry that a parent or plugin is. */
export interface RegistryParent {
  /** Where the reference stands: ["parent"], ["components", 2, "plugin"]. */
  readonly path: YamlPath;
  readonly id: string;
  /** The version asked for; without it the default one of the stack. Needs schema version 2.2.0. */
  readonly version?: string;
}

/** What an offline build has of what one devfile points at. */
export interface OfflinePlan {
  /** The version folder inside of the build: "stacks/go/1.1.0". */
  readonly folder: string;
  /** Where the registry answers; without it zips are addressed as files beside the devfile. */
  readonly publicUrl?: string;
  /** Names of the starter projects whose zip, of their subDir only, is beside the devfile. */
  readonly starters: ReadonlySet<string>;
  /** What metadata.icon becomes; it is left alone without it. */
  readonly icon?: string;
  /** Parents and plugins that the registry has; the others are left alone, or flattened before. */
  readonly parents?: readonly RegistryParent[];
  /** The file of each document by its address, "documents/<sha256>/<name>". */
  readonly documents?: ReadonlyMap<string, string>;
}

/** One place of a devfile that points into the offline registry. */
export interface OfflineChange {
  readonly kind: "starter" | "icon" | "parent" | "document";
  /** "starterProjects[0].zip.location" */
  readonly path: string;
  /** What it said before devfiles were rewritten. */
  readonly origin: OriginValue;
  readonly address: string;
  /** True for an address that only the REST endpoint for starter projects understands. */
  readonly restOnly: boolean;
}

/** One place that still points outside of the registry. */
export interface OfflineRest {
  readonly kind: "starter" | "icon" | "parent" | "document";
  readonly path: string;
  readonly reason: string;
}

/** A devfile with offline addresses. */
export interface OfflineDevfile {
  readonly text: string;
  /** Every place that points into the registry now, also those that did before. */
  readonly changes: readonly OfflineChange[];
  readonly left: readonly OfflineRest[];
}

/** The edits of one place and what is said of it. */
export interface OfflineStep {
  readonly edits: readonly YamlEdit[];
  readonly changes: readonly OfflineChange[];
  readonly left: readonly OfflineRest[];
  /** What metadata keeps of it. */
  readonly origin?: Origin;
}
