import type { IndexEntry } from "../../generator/index.ts";
import { SLUG_CHARS } from "../../viewer-limits.ts";
import type { AppDeps } from "../deps.ts";
import { slugOf } from "./slug.ts";

/** Gives the name that this registry goes by, alone or among others; "" where it has none. */
export function ownNameOf({ others, config }: Pick<AppDeps, "others" | "config">): string {
  return others?.ownName ?? config.name;
}

/**
 * Gives the address of the page of an entry below a site, as in
 * "viewer/devfiles/my-registry/go?devfile-version=2.0.0".
 */
export function entryPath(registry: string, { name }: IndexEntry, version?: string): string {
  const query =
    version === undefined ? "" : `?devfile-version=${encodeURIComponent(version.toWellFormed())}`;
  return `viewer/devfiles/${addressPart(registry)}/${addressPart(name)}${query}`;
}

/** A name without a letter of the Latin alphabet is left as it is, unless it is dots. */
function addressPart(name: string): string {
  const slug = slugOf(name);
  if (slug !== "") return slug;
  return /^\.*$/.test(name) ? "-" : encodeURIComponent(name.slice(0, SLUG_CHARS).toWellFormed());
}
