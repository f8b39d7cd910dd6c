import { join } from "node:path";
import { writeFileAtomic } from "../../atomic-file.ts";
import type { Content } from "../../bytes.ts";
import {
  createLayout,
  createTarLayout,
  type Descriptor,
  type Digest,
  pruneLayout,
  type TarTarget,
} from "../../oci-client/index.ts";
import { EXECUTABLE_FILE } from "./bundle-format.ts";
import type { BundleWriter } from "./bundle-writer.ts";
import { claimOutput } from "./claim-output.ts";

/** Where a bundle goes: a folder, one tar file, or a tar on a stream. */
export type BundleOutput = { readonly kind: "folder"; readonly path: string } | TarTarget;

/** The program that a bundle carries, so that the other side needs nothing else. */
export interface BundleExecutable {
  readonly content: Content;
  /** In bytes. */
  readonly size: number;
  readonly digest: Digest;
}

/** How a bundle is written. */
export interface BundleWriterOptions {
  readonly output: BundleOutput;
  /** What images bring, in the order in which it is moved. */
  readonly planned: readonly Descriptor[];
  readonly executable?: BundleExecutable | undefined;
  /** Holds what waits for its turn in a tar; removed when the bundle is whole. */
  readonly spoolFolder: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Begins a bundle, or goes on with one that was interrupted.
 *
 * @throws {DevregError} INPUT_INVALID when something else is there, or another run writes to it; IO
 */
export async function openBundleWriter(options: BundleWriterOptions): Promise<BundleWriter> {
  const { output } = options;
  const claim = await claimOutput(output);
  try {
    const writer = await (output.kind === "folder"
      ? openFolder(output.path, options)
      : openTar(output, options));
    return {
      ...writer,
      finish: async (names) => {
        await writer.finish(names);
        await claim.end(true);
      },
      abort: async () => {
        await writer.abort();
        await claim.end(false);
      },
    };
  } catch (error) {
    await claim.end(!claim.isBegun);
    throw error;
  }
}

async function openFolder(
  path: string,
  { executable }: BundleWriterOptions,
): Promise<BundleWriter> {
  const registry = await createLayout(path);
  if (executable !== undefined) {
    await writeFileAtomic(join(path, EXECUTABLE_FILE), executable.content, { mode: 0o755 });
  }
  return {
    registry,
    executable: executable?.digest,
    skip: () => undefined,
    finish: async (names) => {
      await pruneLayout(path, names);
    },
    abort: async () => undefined,
  };
}

async function openTar(output: TarTarget, options: BundleWriterOptions): Promise<BundleWriter> {
  const { planned, executable, spoolFolder, signal } = options;
  const head =
    executable === undefined
      ? []
      : [
          {
            name: EXECUTABLE_FILE,
            mode: 0o755,
            size: executable.size,
            content: executable.content,
          },
        ];
  const layout = await createTarLayout({
    planned,
    head,
    spoolFolder,
    output,
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    registry: layout,
    executable: executable?.digest,
    skip: (content) => {
      for (const target of content) layout.skip(target);
    },
    finish: async () => {
      await layout.finish();
    },
    abort: () => layout.abort(),
  };
}
