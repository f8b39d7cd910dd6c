import { type ByteStream, textOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { EXECUTABLE_BYTES } from "../../mirror-limits.ts";
import type { ContentSource, Descriptor } from "../../oci-client/index.ts";
import { EXECUTABLE_ENTRY } from "./build-layer.ts";
import type { Executable } from "./executable.ts";
import { gunzipStream } from "./gzip-stream.ts";
import { PieceReader } from "./piece-reader.ts";
import { TAR_BLOCK_BYTES } from "./tar-stream.ts";

/**
 * Finds the executable in the layer that devreg put on a base image. It is read from the source
 * whenever somebody wants it, and the whole layer with it, because only then it proves right.
 *
 * @throws {DevregError} INPUT_INVALID when it is no such layer; as the source's fetch does
 */
export async function installedExecutable(
  source: ContentSource,
  layer: Descriptor,
): Promise<Executable> {
  const open = async () => new PieceReader(await openLayer(source, layer));
  const reader = await open();
  try {
    return {
      size: await seekExecutable(reader, layer),
      content: () => readExecutable(open, layer),
    };
  } finally {
    await reader.close();
  }
}

/** The folders above the executable come before it. */
const ENTRIES_BEFORE = EXECUTABLE_ENTRY.split("/").length - 1;
const FILE_TYPES: ReadonlySet<string> = new Set(["0", "\0"]);

async function openLayer(source: ContentSource, layer: Descriptor): Promise<ByteStream> {
  const stream = await source.fetch(layer);
  if (/[.+]gzip$/.test(layer.mediaType)) return gunzipStream(stream);
  if (/\.tar$/.test(layer.mediaType)) return stream;
  throw notOurs(layer, `it is of type "${layer.mediaType}"`);
}

async function* readExecutable(open: () => Promise<PieceReader>, layer: Descriptor): ByteStream {
  const reader = await open();
  try {
    yield* reader.pass(await seekExecutable(reader, layer));
    await reader.drain();
  } finally {
    await reader.close();
  }
}

/** Reads up to the executable and gives its size. */
async function seekExecutable(reader: PieceReader, layer: Descriptor): Promise<number> {
  for (let entry = 0; entry <= ENTRIES_BEFORE; entry += 1) {
    const header = await reader.take(TAR_BLOCK_BYTES);
    const text = textOf(header ?? new Uint8Array());
    const name = text.slice(0, 100).replace(/\0.*$/s, "");
    if (name === EXECUTABLE_ENTRY && FILE_TYPES.has(text.charAt(156))) {
      const size = Number.parseInt(text.slice(124, 136), 8);
      if (size > 0 && size <= EXECUTABLE_BYTES) return size;
    }
    if (!EXECUTABLE_ENTRY.startsWith(name)) break;
  }
  throw notOurs(layer, `it does not begin with ${EXECUTABLE_ENTRY}`);
}

function notOurs(layer: Descriptor, state: string): DevregError {
  return new DevregError(
    "INPUT_INVALID",
    `Cannot find the executable in layer ${layer.digest}: ${state}`,
    { hint: "Name an image that devreg made" },
  );
}
