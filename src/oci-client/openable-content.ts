import { type ByteStream, type Content, readAll } from "../bytes.ts";
import type { ContentSource } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";

/** How content of a source is read. */
export interface OpeningOptions {
  readonly signal?: AbortSignal;
  /** Told how far a reading of it came, in bytes from the start. */
  readonly onPosition?: (bytes: number) => void;
}

const REREAD_BYTES = 1024 * 1024;

/**
 * Makes content of a source that a push may open again: what is small is read once and kept, what
 * is large is fetched anew each time.
 */
export async function openableContent(
  source: ContentSource,
  node: Descriptor,
  options: OpeningOptions = {},
): Promise<Content> {
  const { signal } = options;
  const open = () => source.fetch(node, signal === undefined ? {} : { signal });
  if (node.size <= REREAD_BYTES) return readAll(await open(), node.size, node.digest);
  return () => counted(open, options.onPosition);
}

async function* counted(
  open: () => Promise<ByteStream>,
  onPosition: (bytes: number) => void = () => undefined,
): ByteStream {
  let position = 0;
  for await (const chunk of await open()) {
    position += chunk.byteLength;
    onPosition(position);
    yield chunk;
  }
}
