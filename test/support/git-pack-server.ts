import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";

/** An entry of a pack, right or wrong. */
export interface PackedObject {
  /** 1 commit, 2 tree, 3 blob, 4 tag, 6 delta to an offset, 7 delta to a name. */
  readonly kind: number;
  readonly content: Uint8Array;
  /** In the place of the true size. */
  readonly sizeBytes?: number;
  /** For a delta: how far before it its base starts, or the name of its base. */
  readonly base?: number | string;
}

/** Builds a pack exactly as told, with a right checksum. */
export function buildPack(objects: readonly PackedObject[], count = objects.length): Buffer {
  const header = Buffer.alloc(12);
  header.write("PACK");
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(count, 8);
  const entries = objects.map(({ kind, content, sizeBytes, base }) =>
    Buffer.concat([
      sizeHeader(kind, sizeBytes ?? content.byteLength),
      typeof base === "string" ? Buffer.from(base, "hex") : Buffer.alloc(0),
      typeof base === "number" ? distance(base) : Buffer.alloc(0),
      deflateSync(content, { level: 9 }),
    ]),
  );
  const bytes = Buffer.concat([header, ...entries]);
  return Buffer.concat([bytes, createHash("sha1").update(bytes).digest()]);
}

/** Names an object as git does. */
export function gitName(type: string, content: Uint8Array): string {
  return createHash("sha1").update(`${type} ${content.byteLength}\0`).update(content).digest("hex");
}

/** Writes a commit of a tree. */
export function commitText(tree: string): Buffer {
  const who = "A <a@example.com> 1700000000 +0000";
  return Buffer.from(`tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nx\n`);
}

/** Writes a tree from "mode name" → name of an object. */
export function treeBytes(entries: readonly (readonly [modeAndName: string, oid: string])[]) {
  return Buffer.concat(
    entries.flatMap(([name, oid]) => [Buffer.from(`${name}\0`), Buffer.from(oid, "hex")]),
  );
}

/** A git server that sends what it is told to. */
export interface GitPackServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** What a scripted git server answers: bytes, a stream of them, or nothing ever. */
export interface GitAnswers {
  /** To the first request, in the place of the advertisement of version 2. */
  readonly advertisement?: () => Response;
  /** The commit that HEAD and main name. */
  readonly commit?: string;
  /** To ls-refs. */
  readonly references?: () => Response;
  readonly pack?: Uint8Array;
  /** To fetch, in the place of the pack. */
  readonly fetched?: () => Response;
}

/** Starts a server of one repository that answers version 2 of the protocol by a script. */
export function startGitPackServer(answers: GitAnswers): GitPackServer {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: async (request) => {
      if (request.method === "GET") return answers.advertisement?.() ?? advertisement();
      const asked = await request.text();
      if (asked.includes("command=ls-refs")) {
        return answers.references?.() ?? references(answers.commit ?? "0".repeat(40));
      }
      return answers.fetched?.() ?? gitResult([packfile(answers.pack ?? buildPack([]))]);
    },
  });
  return { url: `http://127.0.0.1:${server.port}/x.git`, stop: () => server.stop(true) };
}

/** Makes an answer of a git service from its pieces. */
export function gitResult(pieces: readonly (string | Buffer)[]): Response {
  const type = "application/x-git-upload-pack-result";
  return new Response(Buffer.concat(pieces.map((piece) => Buffer.from(piece))), {
    headers: { "content-type": type },
  });
}

/** Makes an answer of a git service that sends the same piece without end. */
export function endlessResult(start: string, piece: string, service = "result"): Response {
  let first = start !== "";
  const stream = new ReadableStream({
    type: "bytes",
    pull: (controller) => {
      controller.enqueue(Buffer.from(first ? start : piece.repeat(1000)));
      first = false;
    },
  });
  return new Response(stream, {
    headers: { "content-type": `application/x-git-upload-pack-${service}` },
  });
}

/** Makes an answer that begins and then stays silent. */
export function silentResult(start: string): Response {
  const stream = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(start)),
  });
  return new Response(stream, {
    headers: { "content-type": "application/x-git-upload-pack-result" },
  });
}

/** Frames a line of the protocol. */
export function line(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from((bytes.byteLength + 4).toString(16).padStart(4, "0")), bytes]);
}

/** Frames a pack as the answer to fetch. */
export function packfile(pack: Uint8Array): Buffer {
  const pieces: Buffer[] = [line("packfile\n")];
  for (let at = 0; at < pack.byteLength; at += 60_000) {
    pieces.push(line(Buffer.concat([Buffer.of(1), pack.subarray(at, at + 60_000)])));
  }
  return Buffer.concat([...pieces, Buffer.from("0000")]);
}

function advertisement(): Response {
  const lines = ["version 2\n", "ls-refs\n", "fetch=shallow filter\n", "object-format=sha1\n"];
  return new Response(Buffer.concat([...lines.map(line), Buffer.from("0000")]), {
    headers: { "content-type": "application/x-git-upload-pack-advertisement" },
  });
}

function references(commit: string): Response {
  return gitResult([
    line(`${commit} HEAD symref-target:refs/heads/main\n`),
    line(`${commit} refs/heads/main\n`),
    "0000",
  ]);
}

function sizeHeader(kind: number, sizeBytes: number): Buffer {
  const bytes: number[] = [];
  let rest = Math.floor(sizeBytes / 16);
  let byte = (kind << 4) | (sizeBytes % 16);
  while (rest > 0) {
    bytes.push(byte | 0x80);
    byte = rest % 128;
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, byte]);
}

function distance(value: number): Buffer {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift((rest % 128) | 0x80);
  }
  return Buffer.from(bytes);
}
