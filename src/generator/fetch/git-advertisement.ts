import type { ByteStream } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { GIT_ADVERTISEMENT_BYTES } from "../../limits.ts";
import type { GitReference } from "./git-remote.ts";
import { PktReader } from "./pkt-line.ts";

/** What a git server says of itself before anything is asked. */
export type Advertisement =
  | {
      readonly version: 2;
      /** Values by name: { fetch: "shallow filter", "ls-refs": "unborn" }. */
      readonly capabilities: ReadonlyMap<string, string>;
    }
  | {
      readonly version: 0;
      readonly capabilities: ReadonlyMap<string, string>;
      readonly references: readonly GitReference[];
      /** Commits whose parents the server itself lacks. */
      readonly shallow: readonly string[];
    };

/**
 * Reads the answer to the first request. Spec: gitprotocol-http, gitprotocol-v2 (initial client
 * request) and gitprotocol-pack (reference discovery).
 *
 * @throws {DevregError} NETWORK, LIMIT_EXCEEDED; UNSUPPORTED for SHA-256 repositories
 */
export async function readAdvertisement(body: ByteStream, name: string): Promise<Advertisement> {
  const reader = new PktReader(body, name, GIT_ADVERTISEMENT_BYTES);
  try {
    let first = await reader.text();
    if (first?.startsWith("# service=")) {
      await reader.next();
      first = await reader.text();
    }
    const read = first === "version 2" ? readVersion2(reader) : readVersion0(reader, first);
    const advertisement = await read;
    const format = advertisement.capabilities.get("object-format") ?? "sha1";
    if (format !== "sha1") {
      throw new DevregError("UNSUPPORTED", `Cannot read ${name}: its names are ${format}`);
    }
    return advertisement;
  } finally {
    await reader.close();
  }
}

/** Reads the answer to ls-refs. Spec: gitprotocol-v2, ls-refs. */
export async function readReferences(body: ByteStream, name: string): Promise<GitReference[]> {
  const reader = new PktReader(body, name, GIT_ADVERTISEMENT_BYTES);
  try {
    const found: GitReference[] = [];
    for (let line = await reader.text(); line !== undefined; line = await reader.text()) {
      const [oid = "", reference = "", ...attributes] = line.split(" ");
      if (oid === "unborn") continue;
      if (!isObjectName(oid)) throw reader.fault("a reference has no name of an object");
      const attributeOf = (key: string) =>
        attributes.find((each) => each.startsWith(`${key}:`))?.slice(key.length + 1);
      found.push(
        makeReference(reference, oid, attributeOf("peeled"), attributeOf("symref-target")),
      );
    }
    return found;
  } finally {
    await reader.close();
  }
}

/** Tells whether a text is the whole name of an object: 40 lower-case hexadecimal digits. */
export function isObjectName(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

async function readVersion2(reader: PktReader): Promise<Advertisement> {
  const capabilities = new Map<string, string>();
  for (let line = await reader.text(); line !== undefined; line = await reader.text()) {
    addCapability(capabilities, line);
  }
  return { version: 2, capabilities };
}

async function readVersion0(reader: PktReader, first: string | undefined): Promise<Advertisement> {
  const capabilities = new Map<string, string>();
  const targets = new Map<string, string>();
  const names = new Map<string, string>();
  const shallow: string[] = [];
  let line = first === "version 1" ? await reader.text() : first;
  for (; line !== undefined; line = await reader.text()) {
    const [reference = "", abilities] = line.split("\0");
    for (const ability of abilities?.split(" ") ?? []) {
      const [, from, to] = /^symref=([^:]+):(.+)$/.exec(ability) ?? [];
      if (from !== undefined && to !== undefined) targets.set(from, to);
      else addCapability(capabilities, ability);
    }
    const [oid = "", name = ""] = reference.split(" ");
    if (oid === "shallow") shallow.push(name);
    else if (!isObjectName(oid)) throw reader.fault("it does not follow git's protocol");
    // An empty repository has no references to put its abilities behind.
    else if (name !== "capabilities^{}") names.set(name, oid);
  }
  const references = [...names]
    .filter(([name]) => !name.endsWith("^{}"))
    .map(([name, oid]) => makeReference(name, oid, names.get(`${name}^{}`), targets.get(name)));
  return { version: 0, capabilities, references, shallow };
}

function addCapability(capabilities: Map<string, string>, text: string): void {
  const at = text.indexOf("=");
  if (at < 0) capabilities.set(text, "");
  else capabilities.set(text.slice(0, at), text.slice(at + 1));
}

function makeReference(
  name: string,
  oid: string,
  peeled: string | undefined,
  target: string | undefined,
): GitReference {
  return {
    name,
    oid,
    ...(peeled === undefined ? {} : { peeled }),
    ...(target === undefined ? {} : { target }),
  };
}
