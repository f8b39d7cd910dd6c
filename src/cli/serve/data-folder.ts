import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ioError, systemCode, writeFileAtomic } from "../../atomic-file.ts";
import { readAll, textOf, utf8 } from "../../bytes.ts";
import { eachBounded } from "../../concurrent.ts";
import { DevregError, describeError } from "../../errors.ts";
import { INDEX_REPOSITORY, LATEST_TAG, type StackArtifact } from "../../generator/index.ts";
import { FILE_CONCURRENCY, LAYOUT_MARKER_BYTES } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import {
  createCopier,
  createLayout,
  type LayoutRegistry,
  pruneLayout,
  rootName,
} from "../../oci-client/index.ts";
import type { ToolVersion } from "../edge.ts";
import { type Generation, readGeneration } from "./generation.ts";
import type { Retired } from "./retired.ts";

/** The format of the folder: "major.minor". */
const FORMAT = "1.0";
const MARKER = "data.json";

const REMOVE = "Name a folder of its own, or remove what is in it";

const markerSchema = z.object({
  format: z.string().regex(/^\d+\.\d+$/),
  tool: z.object({ version: z.string() }),
});

/**
 * The folder that keeps the generation served last: an OCI image layout in which only the index is
 * tagged, after all that it names is there, so that a process killed at any point leaves the
 * generation before. One process at a time may use it.
 */
export class DataFolder {
  readonly #path: string;
  readonly #layout: LayoutRegistry;
  /** What is known to be in the layout, as index.json names it. */
  readonly #kept = new Set<string>();
  /** The stack versions of the generation that the layout has whole, which may be an older one. */
  #whole: readonly string[] = [];

  private constructor(path: string, layout: LayoutRegistry) {
    this.#path = path;
    this.#layout = layout;
  }

  /**
   * Opens the folder, which is made if need be.
   *
   * @throws {DevregError} UNSUPPORTED when a newer version wrote it; INPUT_INVALID when it holds
   *   something else; IO
   */
  static async open(path: string, tool: ToolVersion): Promise<DataFolder> {
    await checkMarker(path, tool);
    const layout = join(path, "generation");
    try {
      return new DataFolder(layout, await createLayout(layout));
    } catch (error) {
      throw cannotUse(path, error);
    }
  }

  /** Reads what was kept; undefined when there is nothing, or nothing whole. */
  async load(log: Logger): Promise<Generation | undefined> {
    try {
      const root = await this.#layout.repository(INDEX_REPOSITORY).resolve(LATEST_TAG);
      if (root === undefined) return undefined;
      const kept = await readGeneration(this.#layout, root, {
        before: undefined,
        medium: "folder",
      });
      this.#whole = rootsOf(kept.stacks.artifacts);
      return kept;
    } catch (error) {
      log.warn("cannot read the generation that was kept", { error: describeError(error) });
      return undefined;
    }
  }

  /**
   * Keeps a generation, and gives it as it can be read from here.
   *
   * @throws {DevregError} IO when the disk is full or refuses; as reading the generation does
   */
  async keep(generation: Generation): Promise<Generation> {
    const { stacks, index } = generation;
    const copier = createCopier();
    await eachBounded(stacks.artifacts, FILE_CONCURRENCY, async ({ repository, descriptor }) => {
      const name = rootName(repository, descriptor);
      if (this.#kept.has(name)) return;
      const source = stacks.registry.repository(repository);
      await copier.copyGraph(source, this.#layout.repository(repository), descriptor);
      this.#kept.add(name);
    });
    const source = index.registry.repository(index.repository);
    const target = this.#layout.repository(INDEX_REPOSITORY);
    await copier.copyGraph(source, target, index.descriptor, { tag: LATEST_TAG });
    this.#whole = rootsOf(stacks.artifacts);
    if (generation.medium !== "registry") return generation;
    return await this.#asKept(generation);
  }

  /**
   * Removes what neither the generation being served needs, nor the one that is kept here, nor
   * anything retired.
   *
   * @throws {DevregError} IO
   */
  async prune({ stacks }: Generation, retired: Retired): Promise<void> {
    const needed = rootsOf([...stacks.artifacts, ...retired.list()]);
    const latest = `${INDEX_REPOSITORY}:${LATEST_TAG}`;
    const names = new Set([...needed, ...this.#whole, latest]);
    // What cannot be removed to its end may have gone all the same.
    const kept = [...this.#kept].filter((name) => names.has(name));
    this.#kept.clear();
    await pruneLayout(this.#path, names);
    for (const name of kept) this.#kept.add(name);
  }

  async #asKept(generation: Generation): Promise<Generation> {
    const { descriptor } = generation.index;
    const kept = await readGeneration(this.#layout, descriptor, {
      before: generation,
      medium: "folder",
    });
    return { ...kept, origin: generation.origin };
  }
}

/** Names roots as index.json does. */
function rootsOf(
  artifacts: readonly Pick<StackArtifact, "repository" | "descriptor">[],
): readonly string[] {
  return artifacts.map(({ repository, descriptor }) => rootName(repository, descriptor));
}

async function checkMarker(path: string, { version }: ToolVersion): Promise<void> {
  const file = join(path, MARKER);
  const found = await readMarker(path, file);
  if (found === undefined) {
    await writeFileAtomic(file, utf8(`${JSON.stringify({ format: FORMAT, tool: { version } })}\n`));
    return;
  }
  const parsed = markerSchema.safeParse(found);
  if (!parsed.success) {
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot use --data-dir "${path}": "${MARKER}" is damaged`,
      { hint: REMOVE },
    );
  }
  const { format, tool } = parsed.data;
  if (Number.parseInt(format, 10) <= Number.parseInt(FORMAT, 10)) return;
  const message = `Cannot use --data-dir "${path}": its format ${format} is newer than ${FORMAT}`;
  throw new DevregError("UNSUPPORTED", message, {
    hint: `Use devreg ${tool.version}, which wrote it, or a newer version`,
  });
}

/** The layout does not know which folder the flag named. */
function cannotUse(path: string, cause: unknown): unknown {
  if (!(cause instanceof DevregError)) return cause;
  const message = `Cannot use --data-dir "${path}": ${cause.message}`;
  const hint = cause.code === "IO" ? cause.hint : REMOVE;
  return new DevregError(cause.code, message, { cause, ...(hint === undefined ? {} : { hint }) });
}

/** Reads the record of the folder; undefined when there is none. */
async function readMarker(path: string, file: string): Promise<unknown> {
  try {
    await mkdir(path, { recursive: true });
    await using handle = await open(file, "r");
    const stream = handle.createReadStream({ autoClose: false });
    return parseJson(textOf(await readAll(stream, LAYOUT_MARKER_BYTES, `"${file}"`)));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw ioError("open", file, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It is checked, and refused, by whoever asked for it.
    return text;
  }
}
