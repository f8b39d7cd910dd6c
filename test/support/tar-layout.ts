import { join } from "node:path";
import { type ByteStream, utf8 } from "../../src/bytes.ts";
import {
  createTarLayout,
  type Descriptor,
  type TarHeadFile,
  type TarLayoutOptions,
  type TarLayoutWriter,
} from "../../src/oci-client/index.ts";
import { formatTarHeader, paddingOf } from "../../src/oci-client/tar-header.ts";
import { runProgram } from "./program.ts";
import type { Sample } from "./sample-content.ts";

/** A small file that comes first in a tar. */
export const PROGRAM: TarHeadFile = {
  name: "devreg",
  size: 12,
  mode: 0o750,
  content: utf8("not a binary"),
};

/** Where a tar of a test goes in its folder. */
export function tarIn(folder: string): string {
  return join(folder, "bundle.tar");
}

/** Begins a tar file in a folder, with its spool beside it. */
export function tarFile(
  folder: string,
  planned: readonly Descriptor[],
  options: Partial<TarLayoutOptions> = {},
): Promise<TarLayoutWriter> {
  return createTarLayout({
    planned,
    head: [PROGRAM],
    spoolFolder: join(folder, "spool"),
    output: { kind: "file", path: tarIn(folder) },
    ...options,
  });
}

/** Takes what is written to a stream. */
export function sink() {
  const chunks: Uint8Array[] = [];
  const write = async (chunk: Uint8Array) => {
    await new Promise(setImmediate);
    chunks.push(Uint8Array.from(chunk));
  };
  return { output: { kind: "stream", write } as const, bytes: () => Buffer.concat(chunks) };
}

/** Plans samples in their order. */
export function descriptorsOf(samples: readonly Sample[]): Descriptor[] {
  return samples.map(({ descriptor }) => descriptor);
}

/** One entry of a tar made by hand. */
export interface HandEntry {
  readonly name: string;
  readonly text?: string;
  readonly type?: string;
}

/** Makes a tar of any entries, also of those that no layout has. */
export function tarOf(entries: readonly HandEntry[], end = 2): Uint8Array {
  const pieces = entries.flatMap(({ name, text = "", type = "0" }) => {
    const content = utf8(text);
    const size = content.byteLength;
    return [formatTarHeader({ name, size, mode: 0o644, type }), content, paddingOf(size)];
  });
  return new Uint8Array(Buffer.concat([...pieces, new Uint8Array(end * 512)]));
}

/** Packs a folder with GNU tar. */
export async function gnuTar(folder: string, tar: string, ...options: string[]): Promise<void> {
  await runProgram(["tar", "-C", folder, ...options, "-cf", tar, "."]);
}

/** Gives bytes in chunks of changing size. */
export async function* unevenly(bytes: Uint8Array, step = 700): ByteStream {
  for (let start = 0, size = 1; start < bytes.byteLength; start += size, size = (size * 7) % step) {
    yield bytes.subarray(start, start + size);
  }
}
