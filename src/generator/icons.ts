import { eachBounded } from "../concurrent.ts";
import { describeError } from "../errors.ts";
import { ICON_BYTES, ICON_CONCURRENCY } from "../limits.ts";
import { digestOf, hexOf } from "../oci-client/index.ts";
import { iconFormatOf } from "./icons-format.ts";
import type { RegistryIndex } from "./index-schema.ts";
import { compareBytewise } from "./ordering.ts";
import type { PackagedFile } from "./package-stack.ts";

/** Fetches an icon; bounded in size and time by whoever makes it. Throws when there is none. */
export type IconFetcher = (
  url: string,
) => Promise<{ readonly bytes: Uint8Array; readonly contentType?: string }>;

/** How icons are fetched. */
export interface IconOptions {
  /** How many at once. */
  readonly concurrency?: number;
  /** Told after each icon. */
  readonly onIcon?: (url: string) => void;
}

/** One address that gave no icon. */
export interface MissingIcon {
  readonly url: string;
  readonly reason: string;
}

/** The icons of a build. */
export interface StoredIcons {
  /** "icons/<sha256>.<extension>", each once, sorted. */
  readonly files: readonly PackagedFile[];
  /** The name below icons/ of each address that was fetched, sorted by address. */
  readonly icons: Readonly<Record<string, string>>;
  /** Sorted by address. */
  readonly missing: readonly MissingIcon[];
}

/**
 * Gives the addresses of the icons of an index that have to be fetched, each once, sorted. A data:
 * URI holds its icon, and a relative one names a file of the stack: neither is among them.
 */
export function collectIcons(index: RegistryIndex): readonly string[] {
  const urls = index.flatMap(({ icon, versions }) => [
    icon,
    ...(versions ?? []).map((version) => version.icon),
  ]);
  return [...new Set(urls.filter(isRemote))].sort(compareBytewise);
}

/**
 * Fetches icons and names them by content. What an address gives is looked at, not believed: only
 * an image is an icon, however it was announced. An address that fails is reported, never thrown.
 */
export async function storeIcons(
  urls: readonly string[],
  fetcher: IconFetcher,
  options: IconOptions = {},
): Promise<StoredIcons> {
  const wanted = [...new Set(urls)].sort(compareBytewise);
  const outcomes = await eachBounded(
    wanted,
    options.concurrency ?? ICON_CONCURRENCY,
    async (url) => {
      const outcome = await storeIcon(url, fetcher);
      options.onIcon?.(url);
      return outcome;
    },
  );
  const files = new Map<string, PackagedFile>();
  const icons: Record<string, string> = {};
  const missing: MissingIcon[] = [];
  for (const [at, outcome] of outcomes.entries()) {
    const url = wanted[at] ?? "";
    if ("reason" in outcome) {
      missing.push({ url, reason: outcome.reason });
      continue;
    }
    icons[url] = outcome.name;
    files.set(outcome.name, { name: `icons/${outcome.name}`, bytes: outcome.bytes });
  }
  const sorted = [...files.values()].sort((a, b) => compareBytewise(a.name, b.name));
  return { files: sorted, icons, missing };
}

async function storeIcon(
  url: string,
  fetcher: IconFetcher,
): Promise<PackagedFile | { readonly reason: string }> {
  try {
    const { bytes, contentType } = await fetcher(url);
    if (bytes.byteLength > ICON_BYTES) return { reason: `it is over ${ICON_BYTES} bytes` };
    const format = iconFormatOf(bytes);
    if (format === undefined) {
      return { reason: `it is no image that browsers show (${contentType ?? "no content type"})` };
    }
    return { name: `${hexOf(digestOf(bytes))}.${format.extension}`, bytes };
  } catch (error) {
    return { reason: describeError(error) };
  }
}

function isRemote(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\//i.test(url);
}
