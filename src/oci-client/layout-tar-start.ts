import { type ByteStream, type Content, openContent, utf8 } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import type { FetchOptions } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import {
  blobName,
  formatMarker,
  isLayoutFileName,
  LAYOUT_BLOBS,
  LAYOUT_MARKER,
} from "./layout-marker.ts";
import type { LayoutFile, LayoutFiles } from "./layout-ports.ts";
import { rangeOf } from "./layout-range.ts";
import type { TarHeadFile } from "./layout-tar-options.ts";
import { formatTarHeader, plainMode, TAR_BLOCK } from "./tar-header.ts";

/** One entry of a tar of ours. */
export interface StartEntry {
  readonly header: Uint8Array;
  /** Size in bytes of the content. */
  readonly size: number;
  readonly content: Content;
}

/** The end of a tar. Spec: POSIX.1-2008, pax, ustar Interchange Format. */
export const TAR_END = new Uint8Array(2 * TAR_BLOCK);

/**
 * Gives the entries that a tar of ours begins with: the head files, the marker of a layout and the
 * folders of its content.
 *
 * @throws {DevregError} INPUT_INVALID when a head file has a name that the layout needs itself
 */
export function startEntries(head: readonly TarHeadFile[]): readonly StartEntry[] {
  return [
    ...head.map(headEntry),
    fileEntry(LAYOUT_MARKER, formatMarker()),
    folderEntry(`${LAYOUT_BLOBS}/`),
    folderEntry(`${LAYOUT_BLOBS}/sha256/`),
  ];
}

/** Gives the entry of a file whose bytes are in memory. */
export function fileEntry(name: string, content: Uint8Array): StartEntry {
  const size = content.byteLength;
  return { header: formatTarHeader({ name, size, mode: 0o644, type: "0" }), size, content };
}

/** Gives the header of content. */
export function blobHeader({ digest, size }: Descriptor): Uint8Array {
  return formatTarHeader({ name: blobName(digest), size, mode: 0o644, type: "0" });
}

/** The head files of a tar that is being written. */
export class HeadFiles implements LayoutFiles {
  readonly #head: readonly TarHeadFile[];

  constructor(head: readonly TarHeadFile[]) {
    this.#head = head;
  }

  async list(): Promise<readonly LayoutFile[]> {
    return this.#head
      .map(({ name, size, mode }) => ({ name, size, mode: plainMode(mode) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async stat(name: string): Promise<LayoutFile | undefined> {
    return (await this.list()).find((file) => file.name === name);
  }

  async open(name: string, options: FetchOptions = {}): Promise<ByteStream | undefined> {
    const file = this.#head.find((one) => one.name === name);
    return file && cut(openContent(file.content), rangeOf(file.size, options));
  }
}

function headEntry({ name, size, mode, content }: TarHeadFile): StartEntry {
  if (!isLayoutFileName(name)) {
    throw new DevregError("INPUT_INVALID", `Cannot write "${name}" beside an image layout`, {
      hint: "Choose a name without slashes that the layout does not need itself",
    });
  }
  return {
    header: formatTarHeader({ name, size, mode: plainMode(mode), type: "0" }),
    size,
    content,
  };
}

function folderEntry(name: string): StartEntry {
  const header = formatTarHeader({ name, size: 0, mode: 0o755, type: "5" });
  return { header, size: 0, content: utf8("") };
}

async function* cut(
  stream: ByteStream,
  { start, end }: { readonly start: number; readonly end: number },
): ByteStream {
  let position = 0;
  for await (const chunk of stream) {
    const piece = chunk.subarray(Math.max(0, start - position), Math.max(0, end - position));
    position += chunk.byteLength;
    if (piece.byteLength > 0) yield piece;
    if (position >= end) return;
  }
}
