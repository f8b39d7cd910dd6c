import { createHash } from "node:crypto";
import { utf8 } from "../../bytes.ts";
import type { IndexEntry } from "../../generator/index.ts";
import { ICON_BYTES } from "../../limits.ts";
import { IMMUTABLE, Representation, SANDBOX_POLICY } from "../http/index.ts";

const DATA = /^data:(image\/(?:svg\+xml|png|jpeg|gif|webp|x-icon))((?:;[\w=-]+)*),/i;
const HASH_HEX = 24;

const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/svg+xml": "svg",
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/x-icon": "ico",
};

/** Icons that an index holds as data addresses, each under a name made from its content. */
export class IconShelf {
  readonly #icons = new Map<string, string>();
  readonly #names = new Map<string, string>();

  constructor(entries: Iterable<IndexEntry>) {
    for (const { icon } of entries) this.#add(icon);
  }

  /** Gives the name of a data address; undefined for another address, and for what is no picture. */
  nameOf(icon: string): string | undefined {
    return this.#names.get(icon);
  }

  /** Gives the picture of a name; one that could run something can do so nowhere. */
  find(name: string): Representation | undefined {
    const icon = this.#icons.get(name);
    const data = icon === undefined ? null : DATA.exec(icon);
    if (icon === undefined || data === null) return undefined;
    return new Representation({
      bytes: bytesOf(icon, data),
      type: (data[1] ?? "").toLowerCase(),
      cacheControl: IMMUTABLE,
      policy: SANDBOX_POLICY,
      version: name,
    });
  }

  #add(icon: string | undefined): void {
    if (icon === undefined || icon.length > ICON_BYTES * 2 || this.#names.has(icon)) return;
    const data = DATA.exec(icon);
    if (data === null) return;
    const hash = createHash("sha256").update(icon).digest("hex").slice(0, HASH_HEX);
    const name = `${hash}.${EXTENSIONS[(data[1] ?? "").toLowerCase()] ?? "bin"}`;
    this.#icons.set(name, icon);
    this.#names.set(icon, name);
  }
}

/** A broken escape is sent as it is: it draws nothing, which is what it would do anywhere. */
function bytesOf(icon: string, [head, , parameters = ""]: RegExpExecArray): Uint8Array {
  const body = icon.slice(head.length);
  if (/;base64$/i.test(parameters)) return Buffer.from(body, "base64");
  try {
    return utf8(decodeURIComponent(body));
  } catch {
    return utf8(body);
  }
}
