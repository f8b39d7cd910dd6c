import { concatBytes, openContent } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { TAR_HELD_BLOB_BYTES } from "../mirror-limits.ts";
import type { FileRange } from "./layout-range.ts";
import { FileOutput, type TarOutput } from "./layout-tar-output.ts";
import type { StartEntry } from "./layout-tar-start.ts";
import { paddingOf } from "./tar-header.ts";

/**
 * Writes entry after entry to the end of a tar. Once the output has failed, or the writing was
 * ended, everything fails with what was the reason.
 */
export class TarAppender {
  readonly #output: TarOutput;
  readonly #onFault: (error: unknown) => void;
  #fault: { readonly error: unknown } | undefined;

  constructor(output: TarOutput, onFault: (error: unknown) => void) {
    this.#output = output;
    this.#onFault = onFault;
  }

  /** How many bytes have been written. */
  get bytes(): number {
    return this.#output.bytes;
  }

  /** Throws what has ended the writing, if anything has. */
  check(): void {
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  /** Ends the writing for that reason. */
  fail(error: unknown): void {
    if (this.#fault !== undefined) return;
    this.#fault = { error };
    this.#onFault(error);
  }

  /** Writes one entry, and gives where its content stands. */
  async entry({ header, size, content }: StartEntry): Promise<FileRange> {
    const start = this.bytes + header.byteLength;
    const range = { start, end: start + size };
    if (content instanceof Uint8Array && size <= TAR_HELD_BLOB_BYTES) {
      await this.append(concatBytes([header, content, paddingOf(size)]));
      return range;
    }
    await this.append(header);
    for await (const chunk of openContent(content)) {
      if (this.bytes + chunk.byteLength > range.end) throw this.#wrongSize(size, "more");
      await this.append(chunk);
    }
    if (this.bytes !== range.end) throw this.#wrongSize(size, "fewer");
    await this.append(paddingOf(size));
    return range;
  }

  /** Writes bytes as they are. */
  async append(chunk: Uint8Array): Promise<void> {
    this.check();
    if (chunk.byteLength === 0) return;
    try {
      await this.#output.append(chunk);
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /** Takes back what was written behind that many bytes; a stream cannot, and ends. */
  async rewind(bytes: number, error: unknown): Promise<void> {
    if (this.#fault !== undefined || this.bytes === bytes) return;
    if (!(this.#output instanceof FileOutput)) return this.fail(error);
    try {
      await this.#output.rewind(bytes);
    } catch (failure) {
      this.fail(failure);
    }
  }

  #wrongSize(size: number, found: string): DevregError {
    return new DevregError(
      "SIZE_MISMATCH",
      `Cannot write "${this.#output.shown}": an entry of ${size} bytes has ${found}`,
    );
  }
}
