import { eachBounded } from "../concurrent.ts";
import {
  type Build,
  type IndexEntry,
  type RegistryIndex,
  versionFolder,
} from "../generator/index.ts";
import { ICON_CONCURRENCY } from "../limits.ts";
import { PLACEHOLDER_ICON } from "./placeholder-icon.ts";

const REMOTE = /^https?:\/\//i;
const SERVED_ICON = /\/(icons\/[0-9a-f]{64}\.[a-z]+)$/;

/**
 * Replaces the icon of each entry that has one by a data address; icons of versions stay.
 *
 * Parity: `icon=base64` of the Go server, except that nothing is fetched: an icon that the build
 * does not hold becomes a built-in one.
 */
export function inlineIcons(build: Build, index: RegistryIndex): Promise<readonly IndexEntry[]> {
  return eachBounded(index, ICON_CONCURRENCY, async (entry) =>
    entry.icon === undefined || entry.icon === "" || entry.icon.startsWith("data:")
      ? entry
      : { ...entry, icon: dataAddress(await readIcon(build, entry, entry.icon)) },
  );
}

/** Gives the file of a build that holds an icon address; undefined when the build has none. */
export async function findIconFile(
  build: Build,
  entry: IndexEntry,
  icon: string,
): Promise<string | undefined> {
  const icons = build.info?.icons ?? {};
  // An address like "constructor" must not find what every object has.
  const stored = Object.hasOwn(icons, icon) ? icons[icon] : undefined;
  const served = SERVED_ICON.exec(icon)?.[1];
  const path = stored === undefined ? served : `icons/${stored.replace(/^icons\//, "")}`;
  if (path !== undefined) return (await build.files.stat(path)) && path;
  return REMOTE.test(icon) ? undefined : findBeside(build, entry, icon);
}

/** A relative icon is a file of the default version's folder. */
async function findBeside(
  build: Build,
  entry: IndexEntry,
  icon: string,
): Promise<string | undefined> {
  const version = entry.versions?.find((each) => each.default === true) ?? entry.versions?.[0];
  if (version === undefined) return undefined;
  const path = `${await versionFolder(build, entry, version)}/${icon}`;
  return (await build.files.stat(path)) && path;
}

async function readIcon(build: Build, entry: IndexEntry, icon: string): Promise<Uint8Array> {
  const path = await findIconFile(build, entry, icon);
  return path === undefined ? PLACEHOLDER_ICON : build.files.read(path);
}

/** Parity: told apart by content are jpeg and png; everything else counts as svg. */
function dataAddress(bytes: Uint8Array): string {
  const [a, b, c] = bytes;
  const jpeg = a === 0xff && b === 0xd8 && c === 0xff;
  const png = a === 0x89 && b === 0x50 && c === 0x4e;
  const type = jpeg ? "image/jpeg" : png ? "image/png" : "image/svg+xml";
  return `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
}
