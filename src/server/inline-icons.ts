import { createHash } from "node:crypto";
import { INLINE_ICON_CACHE_BYTES, INLINE_ICON_CACHE_ENTRIES } from "../api-limits.ts";
import { utf8 } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { type Build, type IndexEntry, versionFolder } from "../generator/index.ts";
import { BoundedCache } from "./http/index.ts";
import { placeholderIcon } from "./placeholder-icon.ts";

const REMOTE = /^https?:\/\//i;
const SERVED_ICON = /\/(icons\/[0-9a-f]{64}\.[a-z]+)$/;

/** Where the bytes of an icon are: a file of the build, or drawn for a name. */
type IconPlace = { readonly path: string } | { readonly name: string };

/** An icon that stands in an index as a data address. */
export interface InlineIcon {
  /** Length of the data address. */
  readonly size: number;
  /** Names the bytes. */
  readonly digest: string;
  /**
   * Gives the data address; it is read again when that was long ago.
   *
   * @throws {DevregError} SIZE_MISMATCH when its file was given other content since
   */
  open(): Promise<Uint8Array>;
}

/**
 * Gives icons of entries as data addresses.
 *
 * Parity: `icon=base64` of the Go server, except that nothing is fetched: an icon that the build
 * does not hold becomes the mark of its name, which pages draw too.
 */
export class InlineIcons {
  readonly #build: Build;
  readonly #icons = new Map<string, Promise<InlineIcon>>();
  readonly #addresses = new BoundedCache<Uint8Array>(
    { entries: INLINE_ICON_CACHE_ENTRIES, bytes: INLINE_ICON_CACHE_BYTES },
    (address) => address.byteLength,
  );

  constructor(build: Build) {
    this.#build = build;
  }

  /** Gives the icon of an entry; undefined for one that has none, or has it inline already. */
  async of(entry: IndexEntry): Promise<InlineIcon | undefined> {
    const { icon = "" } = entry;
    if (icon === "" || icon.startsWith("data:")) return undefined;
    const path = await findIconFile(this.#build, entry, icon);
    const place = path === undefined ? { name: entry.name } : { path };
    const key = keyOf(place);
    const known = this.#icons.get(key) ?? this.#describe(place);
    this.#icons.set(key, known);
    return await known;
  }

  async #describe(place: IconPlace): Promise<InlineIcon> {
    try {
      const address = await this.#open(place);
      const digest = createHash("sha256").update(address).digest("hex");
      const size = address.byteLength;
      return { size, digest, open: () => this.#openAgain(place, size) };
    } catch (error) {
      // It may be readable next time.
      this.#icons.delete(keyOf(place));
      throw error;
    }
  }

  /** Lengths of answers were promised by then. */
  async #openAgain(place: IconPlace, size: number): Promise<Uint8Array> {
    const address = await this.#open(place);
    if (address.byteLength === size) return address;
    const key = keyOf(place);
    this.#icons.delete(key);
    throw new DevregError("SIZE_MISMATCH", `Cannot read icon "${key}": it changed meanwhile`);
  }

  async #open(place: IconPlace): Promise<Uint8Array> {
    const key = keyOf(place);
    const known = this.#addresses.get(key);
    if (known !== undefined) return known;
    const bytes =
      "path" in place ? await this.#build.files.read(place.path) : placeholderIcon(place.name);
    const address = utf8(dataAddress(bytes));
    this.#addresses.set(key, address);
    return address;
  }
}

/** No path of a build begins with a slash. */
function keyOf(place: IconPlace): string {
  return "path" in place ? place.path : `/${place.name}`;
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

/** Parity: told apart by content are jpeg and png; everything else counts as svg. */
function dataAddress(bytes: Uint8Array): string {
  const [a, b, c] = bytes;
  const jpeg = a === 0xff && b === 0xd8 && c === 0xff;
  const png = a === 0x89 && b === 0x50 && c === 0x4e;
  const type = jpeg ? "image/jpeg" : png ? "image/png" : "image/svg+xml";
  return `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
}
