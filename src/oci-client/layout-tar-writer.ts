import { DevregError } from "../errors.ts";
import { LAYOUT_INDEX_BYTES } from "../limits.ts";
import { TAR_SPOOL_BYTES } from "../mirror-limits.ts";
import type { Descriptor } from "./descriptor.ts";
import { LayoutRegistry } from "./layout.ts";
import { GraphReader } from "./layout-graph.ts";
import { formatLayoutIndex } from "./layout-index.ts";
import { LAYOUT_INDEX } from "./layout-marker.ts";
import type { LayoutParts } from "./layout-repository.ts";
import { TarAppender } from "./layout-tar-appender.ts";
import { layoutFileTooLarge } from "./layout-tar-archive.ts";
import { TarContent } from "./layout-tar-content.ts";
import { MemoryRootIndex, withoutCovered } from "./layout-tar-index.ts";
import type { TarLayoutOptions, TarLayoutResult, TarLayoutWriter } from "./layout-tar-options.ts";
import { TarOrder } from "./layout-tar-order.ts";
import { FileOutput, StreamOutput, type TarOutput } from "./layout-tar-output.ts";
import { TarPool, type TarPoolParts } from "./layout-tar-pool.ts";
import { type KeptPrefix, keptPrefix } from "./layout-tar-resume.ts";
import { TarSpool } from "./layout-tar-spool.ts";
import {
  fileEntry,
  HeadFiles,
  type StartEntry,
  startEntries,
  TAR_END,
} from "./layout-tar-start.ts";
import { TarTurns } from "./layout-tar-turns.ts";

/**
 * Begins to write an image layout as one tar. A file is written as `<path>.partial`; of one that an
 * earlier run left, whatever is as it is to be now is kept, and so is content in the spool that is
 * planned. What stands at the path is replaced when the new file is whole.
 *
 * @throws {DevregError} INPUT_INVALID when the output is no regular file, or a head file has a name
 *   of the layout's own; IO, ABORTED
 */
export async function createTarLayout(options: TarLayoutOptions): Promise<TarLayoutWriter> {
  const { planned, head, output: target, signal } = options;
  if (signal?.aborted) throw aborted(shownOf(options));
  const start = startEntries(head);
  const spool = await TarSpool.open(options.spoolFolder);
  const output =
    target.kind === "file" ? await FileOutput.open(target.path) : new StreamOutput(target.write);
  try {
    const order = new TarOrder(planned);
    const { spoolBytes = TAR_SPOOL_BYTES } = options;
    const turns = new TarTurns({ order, spoolBytes, straight: output instanceof FileOutput });
    const appender = new TarAppender(output, (error) => turns.fail(error));
    const content = new TarContent(spool, output);
    const opened = { order, turns, appender, content, spool, output };
    const resumed = await begin(opened, start, options);
    return new TarWriter(opened, resumed, options);
  } catch (error) {
    await output.close();
    throw error;
  }
}

interface OpenedTar extends TarPoolParts {
  readonly spool: TarSpool;
  readonly output: TarOutput;
}

/** Takes over what an earlier run left, and writes what the tar begins with. */
async function begin(
  { order, turns, appender, content, spool, output }: OpenedTar,
  start: readonly StartEntry[],
  { planned, signal }: TarLayoutOptions,
): Promise<TarLayoutResult> {
  const wanted = new Map(planned.map((target) => [target.digest, target]));
  let kept: KeptPrefix = { bytes: 0, start: 0, blobs: new Map() };
  if (output instanceof FileOutput) {
    kept = await keptPrefix(output, start, [...wanted.values()], signal);
    await output.rewind(kept.bytes);
  }
  for (const [digest, range] of kept.blobs) {
    await content.wrote({ digest, size: range.end - range.start }, range);
    order.advance();
    wanted.delete(digest);
  }
  for (const entry of start.slice(kept.start)) await appender.entry(entry);
  for (const target of await spool.adopt(wanted, signal)) {
    content.adopt(target);
    turns.adopt(target);
  }
  return { bytes: kept.bytes, blobs: kept.blobs.size };
}

class TarWriter extends LayoutRegistry implements TarLayoutWriter {
  readonly resumed: TarLayoutResult;
  readonly #tar: OpenedTar;
  readonly #pool: TarPool;
  readonly #parts: LayoutParts;
  readonly #shown: string;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#tar.appender.fail(aborted(this.#shown));

  constructor(tar: OpenedTar, resumed: TarLayoutResult, options: TarLayoutOptions) {
    const pool = new TarPool(tar);
    const parts = {
      pool,
      index: new MemoryRootIndex(),
      graphs: new GraphReader(pool),
      files: new HeadFiles(options.head),
      unnamed: undefined,
      pushed: new Map(),
    };
    super(parts);
    this.resumed = resumed;
    this.#tar = tar;
    this.#pool = pool;
    this.#parts = parts;
    this.#shown = shownOf(options);
    this.#signal = options.signal;
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
    pool.goOn();
  }

  skip(target: Descriptor): void {
    this.#pool.skip(target);
  }

  async finish(): Promise<TarLayoutResult> {
    const { appender, content, output, spool } = this.#tar;
    try {
      await this.#pool.complete();
      await appender.entry(fileEntry(LAYOUT_INDEX, await this.#roots()));
      await appender.append(TAR_END);
      await output.finish();
    } catch (error) {
      appender.fail(error);
      throw error;
    }
    appender.fail(new DevregError("IO", `Cannot write "${this.#shown}": it is finished`));
    this.#signal?.removeEventListener("abort", this.#onAbort);
    await spool.end();
    return { bytes: output.bytes, blobs: content.writtenCount };
  }

  async abort(): Promise<void> {
    const { appender, output } = this.#tar;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    appender.fail(aborted(this.#shown));
    await this.#pool.rest();
    await output.close();
  }

  async #roots(): Promise<Uint8Array> {
    const { graphs, index } = this.#parts;
    const settled = await withoutCovered(await index.read(), (root) => graphs.graphOf(root));
    const bytes = formatLayoutIndex(settled);
    if (bytes.byteLength > LAYOUT_INDEX_BYTES) {
      throw layoutFileTooLarge(this.#shown, LAYOUT_INDEX, LAYOUT_INDEX_BYTES);
    }
    return bytes;
  }
}

function shownOf({ output }: TarLayoutOptions): string {
  return output.kind === "file" ? output.path : "-";
}

function aborted(shown: string): DevregError {
  return new DevregError("ABORTED", `Cannot write "${shown}": aborted`);
}
