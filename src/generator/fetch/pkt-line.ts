import type { ByteStream } from "../../bytes.ts";
import { textOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";

/** One piece of git's protocol: a line, or a mark between lines. */
export type Pkt =
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  | { readonly kind: "flush" | "delim" | "end" };

const HEADER_BYTES = 4;

/** Ends a request or a list. Spec: gitprotocol-common, pkt-line format. */
export const FLUSH = "0000";
/** Parts a request. Spec: gitprotocol-v2, packet-line framing. */
export const DELIM = "0001";

/** Frames a line of a request. */
export function pktLine(line: string): string {
  const length = HEADER_BYTES + Buffer.byteLength(line) + 1;
  return `${length.toString(16).padStart(HEADER_BYTES, "0")}${line}\n`;
}

/** Reads an answer line by line. Spec: gitprotocol-common, pkt-line format. */
export class PktReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #name: string;
  #buffer: Buffer = Buffer.alloc(0);
  #leftBytes: number;

  /** Takes a body, what it is for messages, and how much of it may be lines of {@link text}. */
  constructor(body: ByteStream, name: string, textBytes: number) {
    this.#chunks = body[Symbol.asyncIterator]();
    this.#name = name;
    this.#leftBytes = textBytes;
  }

  /** Reads the next piece; undefined at the end. @throws {DevregError} NETWORK when it breaks off */
  async next(): Promise<Pkt | undefined> {
    if (!(await this.#fill(HEADER_BYTES))) {
      if (this.#buffer.byteLength > 0) throw this.fault("it breaks off");
      return undefined;
    }
    const header = this.#take(HEADER_BYTES).toString("latin1");
    const length = /^[0-9a-f]{4}$/i.test(header) ? Number.parseInt(header, 16) : 3;
    if (length === 0) return { kind: "flush" };
    if (length === 1) return { kind: "delim" };
    if (length === 2) return { kind: "end" };
    if (length < HEADER_BYTES) throw this.fault("it does not follow git's protocol");
    if (!(await this.#fill(length - HEADER_BYTES))) throw this.fault("it breaks off");
    return { kind: "data", bytes: this.#take(length - HEADER_BYTES) };
  }

  /**
   * Reads a line as text; undefined at a mark or the end.
   *
   * @throws {DevregError} LIMIT_EXCEEDED when the lines are too many; what the server reports
   */
  async text(): Promise<string | undefined> {
    const pkt = await this.next();
    if (pkt?.kind !== "data") return undefined;
    this.spend(pkt.bytes.byteLength);
    const line = textOf(pkt.bytes).replace(/\n$/, "");
    if (line.startsWith("ERR ")) throw refusedByServer(this.#name, line.slice("ERR ".length));
    return line;
  }

  /** Counts what is read beside content. @throws {DevregError} LIMIT_EXCEEDED */
  spend(bytes: number): void {
    this.#leftBytes -= bytes;
    if (this.#leftBytes < 0) {
      throw new DevregError("LIMIT_EXCEEDED", `Cannot read ${this.#name}: it says too much`, {
        hint: "Check that the address leads to the right git server",
      });
    }
  }

  /** Stops reading and gives the connection up. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** Makes an error about the answer. */
  fault(state: string): DevregError {
    return new DevregError("NETWORK", `Cannot read ${this.#name}: ${state}`);
  }

  async #fill(bytes: number): Promise<boolean> {
    const chunks: Uint8Array[] = [this.#buffer];
    let have = this.#buffer.byteLength;
    while (have < bytes) {
      const { value, done } = await this.#chunks.next();
      if (done === true) break;
      chunks.push(value);
      have += value.byteLength;
    }
    if (chunks.length > 1) this.#buffer = Buffer.concat(chunks);
    return have >= bytes;
  }

  #take(bytes: number): Buffer {
    const taken = this.#buffer.subarray(0, bytes);
    this.#buffer = this.#buffer.subarray(bytes);
    return taken;
  }
}

const NOT_THERE =
  /not our ref|unadvertised object|no such (?:ref|remote)|not found|not valid|not appear to be a git/i;
/** How much of what a server says is shown. */
const SAID_CHARS = 500;

/** Turns what a server says into an error: NOT_FOUND where it lacks or refuses what is asked for. */
export function refusedByServer(name: string, said: string): DevregError {
  const shown = said.replace(/\s+/g, " ").trim().slice(0, SAID_CHARS);
  const message = `Cannot fetch from ${name}: the server says "${shown}"`;
  return new DevregError(NOT_THERE.test(said) ? "NOT_FOUND" : "NETWORK", message);
}
