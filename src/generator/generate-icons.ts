import type { StartProgress } from "../progress.ts";
import type { Finding } from "./findings.ts";
import { collectIcons, type IconFetcher, type StoredIcons, storeIcons } from "./icons.ts";
import type { RegistryIndex } from "./index-schema.ts";
import { compareBytewise } from "./ordering.ts";
import type { RemoteIcon } from "./remote-icons.ts";
import type { PlacedEntry } from "./validate/index.ts";

/** The icons of an index, and what was not looked at. */
export interface IndexIcons extends StoredIcons {
  readonly notChecked: readonly string[];
}

/** Fetches the icons of an index; without a fetcher none is, and that is said. */
export async function storeIndexIcons(
  index: RegistryIndex,
  { icons, progress }: { readonly icons?: IconFetcher; readonly progress: StartProgress },
): Promise<IndexIcons> {
  const urls = collectIcons(index);
  if (icons === undefined) {
    const notChecked = urls.length === 0 ? [] : [`${urls.length} icons: they were not fetched`];
    return { files: [], icons: {}, missing: [], notChecked };
  }
  const shown = progress("Fetching icons");
  try {
    shown.total(urls.length);
    const stored = await storeIcons(urls, icons, { onIcon: (url) => shown.done(url) });
    return { ...stored, notChecked: [] };
  } finally {
    shown.end();
  }
}

/** Adds the icons that samples have in their own repositories; they are looked up by where they lay. */
export function withRemoteIcons(stored: IndexIcons, remote: readonly RemoteIcon[]): IndexIcons {
  const files = new Map(
    [...stored.files, ...remote.map(({ file }) => file)].map((file) => [file.name, file]),
  );
  const names = remote.map(({ origin, file }) => [origin, file.name.slice("icons/".length)]);
  return {
    ...stored,
    files: [...files.values()].sort((a, b) => compareBytewise(a.name, b.name)),
    icons: { ...stored.icons, ...Object.fromEntries(names) },
  };
}

/** Makes a warning of each icon that could not be had, at the first entry that shows it. */
export function iconWarnings(
  entries: readonly PlacedEntry[],
  { missing }: Pick<StoredIcons, "missing">,
): Finding[] {
  const users = new Map<string | undefined, PlacedEntry["at"]>();
  for (const { entry, at } of entries) {
    for (const { icon } of [entry, ...(entry.versions ?? [])]) {
      if (!users.has(icon)) users.set(icon, at);
    }
  }
  return missing.map(({ url, reason }) => ({
    severity: "warning",
    rule: "icon-unreachable",
    ...(users.get(url) ?? { file: "index.json" }),
    message: `Cannot fetch icon "${url}": ${reason}`,
  }));
}
