import type { IndexEntry } from "../../generator/index.ts";
import { slugOf } from "./slug.ts";

/**
 * Gives the address of the page of an entry below a site, as in
 * "viewer/devfiles/my-registry/go?devfile-version=2.0.0".
 */
export function entryPath(registry: string, { name }: IndexEntry, version?: string): string {
  const query = version === undefined ? "" : `?devfile-version=${encodeURIComponent(version)}`;
  return `viewer/devfiles/${addressPart(registry)}/${addressPart(name)}${query}`;
}

/** A name without a single letter or digit is left as it is. */
function addressPart(name: string): string {
  return slugOf(name) || encodeURIComponent(name) || "-";
}
