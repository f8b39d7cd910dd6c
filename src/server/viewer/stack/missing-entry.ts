import type { IndexEntry } from "../../../generator/index.ts";
import { CARD_TEXT_CHARS, CARD_WORD_CHARS } from "../../../viewer-limits.ts";
import { cut } from "../cut.ts";
import { entryPath, ownNameOf } from "../entry-link.ts";
import type { Page } from "../layout.ts";
import { iconAddress, logo } from "../logo.ts";
import { missingPage, type Near } from "../missing.ts";
import type { PageRequest } from "../page.ts";
import { chooseVersion, findEntry, nearestNames, versionsOf } from "./find-entry.ts";

/** The longest name repeated on the page. */
const NAME_CHARS = 100;

/** Makes the page for an entry that this registry has not; other registries may have it. */
export async function missingEntry(request: PageRequest, wanted: string): Promise<Page> {
  const { deps, generation } = request;
  const elsewhere = (deps.others?.list() ?? []).flatMap(({ name, address, entries }): Near[] => {
    const entry = findEntry({ index: entries }, wanted);
    if (entry === undefined) return [];
    const text = `${cut(entry.name, NAME_CHARS)} of ${cut(name, NAME_CHARS)}`;
    return [{ text, href: `${address}/${entryPath(name, entry)}`, away: true }];
  });
  const names = nearestNames(
    generation.build.index.map(({ name }) => name),
    wanted,
  );
  const near = names
    .flatMap((name) => findEntry(generation.build, name) ?? [])
    .map((entry) => nearEntry(request, entry));
  return missingPage(request.root, {
    what: `There is no “${cut(wanted, NAME_CHARS)}” in this registry`,
    nearest: [...elsewhere, ...(await Promise.all(near))],
    search: wanted.replace(/[-_]+/g, " "),
  });
}

/** Makes the page for a version that an entry has not. */
export async function missingVersion(
  request: PageRequest,
  entry: IndexEntry,
  wanted: string,
): Promise<Page> {
  const versions = versionsOf(entry);
  const names = versions.flatMap(({ name }) => name || []);
  const near = nearestNames(names, wanted);
  const standard = chooseVersion(versions, null)?.name ?? "";
  const shown = near.length === 0 ? [standard] : near;
  const title = cut(entry.displayName || entry.name, NAME_CHARS);
  return missingPage(request.root, {
    what: `There is no version “${cut(wanted, NAME_CHARS)}” of ${title}`,
    nearest: await Promise.all(shown.map((version) => nearEntry(request, entry, version))),
    search: entry.name,
  });
}

async function nearEntry(
  { deps, generation, root }: PageRequest,
  entry: IndexEntry,
  version = "",
): Promise<Near> {
  const picture = await iconAddress(generation, entry);
  const title = cut(entry.displayName || entry.name, CARD_WORD_CHARS);
  return {
    text:
      version === "" ? cut(entry.name, CARD_WORD_CHARS) : `${title} ${cut(version, NAME_CHARS)}`,
    href: `${root}${entryPath(ownNameOf(deps), entry, version === "" ? undefined : version)}`,
    picture: logo(entry.name, picture && `${root}${picture}`),
    about: version === "" ? cut(entry.description ?? "", CARD_TEXT_CHARS) : undefined,
  };
}
