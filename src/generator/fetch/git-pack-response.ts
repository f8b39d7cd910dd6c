import type { ByteStream } from "../../bytes.ts";
import { textOf } from "../../bytes.ts";
import { isObjectName } from "./git-advertisement.ts";
import { type PktReader, refusedByServer } from "./pkt-line.ts";

const CONTENT = 1;
const PROGRESS = 2;
const FAILURE = 3;

/**
 * Reads what comes before the pack and gives the commits whose parents are left out. Spec:
 * gitprotocol-v2, fetch, output.
 */
export async function readShallow2(reader: PktReader): Promise<readonly string[]> {
  const shallow: string[] = [];
  for (let section = await reader.text(); section !== "packfile"; section = await reader.text()) {
    if (section === undefined) throw reader.fault("it sends no objects");
    for (let line = await reader.text(); line !== undefined; line = await reader.text()) {
      addShallow(shallow, line);
    }
  }
  return shallow;
}

/** The same for version 0. Spec: gitprotocol-pack, packfile negotiation. */
export async function readShallow0(
  reader: PktReader,
  deepened: boolean,
): Promise<readonly string[]> {
  const shallow: string[] = [];
  let line = await reader.text();
  while (deepened && line !== undefined && /^(?:un)?shallow /.test(line)) {
    addShallow(shallow, line);
    line = await reader.text();
  }
  // A flush ends what was deepened, if anything was.
  if (deepened && line === undefined) line = await reader.text();
  if (line !== "NAK") throw reader.fault("it sends no objects");
  return shallow;
}

/**
 * Reads whether a server found that what it was told to be there is all it needs to know. Only then
 * the pack follows. Spec: gitprotocol-v2, fetch, acknowledgments.
 */
export async function readReady(reader: PktReader): Promise<boolean> {
  if ((await reader.text()) !== "acknowledgments") throw reader.fault("it sends no answer");
  let isReady = false;
  for (let line = await reader.text(); line !== undefined; line = await reader.text()) {
    isReady ||= line === "ready";
  }
  return isReady;
}

/** Gives the bytes of the pack. @throws {DevregError} what the server reports meanwhile */
export async function* readPack(reader: PktReader): ByteStream {
  for (let pkt = await reader.next(); pkt?.kind === "data"; pkt = await reader.next()) {
    const [band] = pkt.bytes;
    const bytes = pkt.bytes.subarray(1);
    if (band === CONTENT) yield bytes;
    else if (band === FAILURE) throw refusedByServer("the git server", textOf(bytes));
    else if (band === PROGRESS) reader.spend(bytes.byteLength);
    else throw reader.fault("it does not follow git's protocol");
  }
}

function addShallow(shallow: string[], line: string): void {
  const [word, oid = ""] = line.split(" ");
  if (word === "shallow" && isObjectName(oid)) shallow.push(oid);
}
