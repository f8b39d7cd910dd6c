import type { RegistryIndex } from "../generator/index.ts";

/** Another registry that is shown beside this one. */
export interface OtherRegistry {
  readonly name: string;
  /** Where its visitors reach it, without a slash at its end. */
  readonly address: string;
  /** "unknown" until it answered or failed for the first time. */
  readonly state: "unknown" | "up" | "down";
  /** What it had when it last answered. */
  readonly entries: RegistryIndex;
}

/** What is known of the registries shown beside this one; somebody else keeps asking them. */
export interface OtherRegistries {
  /** The name that this registry goes by among them. */
  readonly ownName: string | undefined;
  /** The same list until something changes. */
  list(): readonly OtherRegistry[];
}
