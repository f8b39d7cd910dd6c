import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { invariant } from "../../assert.ts";

/** An object of a pack. */
export interface IndexedObject {
  readonly oid: string;
  /** Where its entry starts in the pack; below 2 GiB, which no pack of ours exceeds. */
  readonly offset: number;
  /** CRC-32 of its entry as it lies in the pack. */
  readonly crc: number;
}

const MAGIC = 0xff744f63;
const OID_BYTES = 20;
const NAMES_START = 8 + 256 * 4;
const LARGE_OFFSET = 0x80000000;

/** Writes the index of a pack with a checksum. Spec: gitformat-pack, pack-*.idx version 2. */
export function encodePackIndex(objects: readonly IndexedObject[], checksum: Buffer): Buffer {
  const sorted = objects.toSorted((a, b) => (a.oid < b.oid ? -1 : 1));
  const count = sorted.length;
  const index = Buffer.alloc(NAMES_START + count * (OID_BYTES + 8) + 2 * OID_BYTES);
  index.writeUInt32BE(MAGIC, 0);
  index.writeUInt32BE(2, 4);
  const crcs = NAMES_START + count * OID_BYTES;
  const offsets = crcs + count * 4;
  const below = new Array<number>(256).fill(0);
  for (const [at, { oid, offset, crc }] of sorted.entries()) {
    invariant(offset < LARGE_OFFSET, "a pack is below 2 GiB");
    index.write(oid, NAMES_START + at * OID_BYTES, "hex");
    index.writeUInt32BE(crc, crcs + at * 4);
    index.writeUInt32BE(offset, offsets + at * 4);
    const first = Number.parseInt(oid.slice(0, 2), 16);
    below[first] = (below[first] ?? 0) + 1;
  }
  let total = 0;
  for (const [first, some] of below.entries()) {
    total += some;
    index.writeUInt32BE(total, 8 + first * 4);
  }
  const end = offsets + count * 4;
  checksum.copy(index, end);
  createHash("sha1")
    .update(index.subarray(0, end + OID_BYTES))
    .digest()
    .copy(index, end + OID_BYTES);
  return index;
}

/** Finds the objects of all packs in a folder whose names begin so; each name once, sorted. */
export function findNames(packFolder: string, prefix: string): readonly string[] {
  const found = new Set<string>();
  for (const file of readdirSync(packFolder).filter((name) => name.endsWith(".idx"))) {
    const index = readFileSync(join(packFolder, file));
    const count = index.readUInt32BE(8 + 255 * 4);
    for (let at = 0; at < count; at++) {
      const start = NAMES_START + at * OID_BYTES;
      const oid = index.toString("hex", start, start + OID_BYTES);
      if (oid.startsWith(prefix)) found.add(oid);
    }
  }
  return [...found].sort();
}
