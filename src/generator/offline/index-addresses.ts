import { iconAddress } from "../icon-address.ts";
import type { Git, IndexEntry, IndexVersion } from "../index-schema.ts";
import type { MergedContent } from "../merge-content.ts";
import type { BroughtIcons } from "./bring-icons.ts";
import type { OfflinePlaces } from "./offline-places.ts";
import type { OfflinePlace } from "./place.ts";

/** What the addresses of an index are made from. */
export interface IndexAddresses {
  readonly publicUrl?: string;
  readonly gitBase?: string;
  readonly icons: Pick<BroughtIcons, "fileOf">;
}

/** Lets the icons of an index point at what the build has, and the samples' git at a git base. */
export function readdress(
  content: Pick<MergedContent, "stackEntries" | "extraEntries">,
  { versions, samples, described }: OfflinePlaces,
  addresses: IndexAddresses,
): Pick<MergedContent, "stackEntries" | "extraEntries"> {
  const stackEntries = content.stackEntries.map((placed) => {
    const places = placed.stack.versions.flatMap((version) => versions.get(version) ?? []);
    return { ...placed, entry: readdressEntry(placed.entry, places, addresses) };
  });
  const extraEntries = content.extraEntries.map((placed) => {
    const own = placed.extra.samples.flatMap((sample) => samples.get(sample) ?? []);
    const places = own.length > 0 ? own : [described.get(placed)].flatMap((place) => place ?? []);
    return {
      ...placed,
      entry: withGitBase(readdressEntry(placed.entry, places, addresses), addresses),
    };
  });
  return { stackEntries, extraEntries };
}

/** The entry's own icon may be a file of any of its versions, the default one first. */
function readdressEntry(
  entry: IndexEntry,
  places: readonly OfflinePlace[],
  addresses: IndexAddresses,
): IndexEntry {
  const { versions } = entry;
  const defaultFirst = places.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
  const readdressed = withIcon(entry, defaultFirst, addresses);
  if (versions === undefined) return readdressed;
  return {
    ...readdressed,
    versions: versions.map((version, at): IndexVersion => {
      // A stack that is only described is one place with all its versions.
      const own = places[at] ?? defaultFirst[0];
      return withIcon(version, own === undefined ? [] : [own], addresses);
    }),
  };
}

function withIcon<Part extends { icon?: string }>(
  part: Part,
  places: readonly OfflinePlace[],
  { publicUrl, icons }: IndexAddresses,
): Part {
  const { icon } = part;
  if (icon === undefined) return part;
  const [stored] = places.flatMap((place) => icons.fileOf(place, icon) ?? []);
  return stored === undefined ? part : { ...part, icon: iconAddress(publicUrl, stored) };
}

function withGitBase(entry: IndexEntry, { gitBase }: IndexAddresses): IndexEntry {
  if (gitBase === undefined) return entry;
  const moved = <Part extends { git?: Git }>(part: Part): Part =>
    part.git === undefined ? part : { ...part, git: moveGit(part.git, gitBase) };
  const { versions } = entry;
  return { ...moved(entry), ...(versions === undefined ? {} : { versions: versions.map(moved) }) };
}

/** A repository keeps its path below the base: "<base>/group/name.git". */
function moveGit(git: Git, base: string): Git {
  const { remotes, url } = git;
  return {
    ...git,
    ...(url === undefined ? {} : { url: moveRemote(url, base) }),
    ...(remotes === undefined
      ? {}
      : {
          remotes: Object.fromEntries(
            Object.entries(remotes).map(([name, remote]) => [name, moveRemote(remote, base)]),
          ),
        }),
  };
}

function moveRemote(remote: string, base: string): string {
  if (remote === base || remote.startsWith(`${base}/`)) return remote;
  // "git@host:path" is no URL.
  const path = URL.parse(remote)?.pathname ?? remote.slice(remote.indexOf(":") + 1);
  return `${base}/${path.replace(/^\/+/, "")}`;
}
