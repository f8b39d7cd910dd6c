import { constants } from "node:fs";
import { open, readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ioError, makeFolder, syncFolder, systemCode, writeFileAtomic } from "../atomic-file.ts";
import { DevregError } from "../errors.ts";
import { LAYOUT_MARKER_BYTES } from "../limits.ts";
import { LayoutRegistry, ReadonlyLayoutRegistry } from "./layout.ts";
import { BlobPool } from "./layout-blobs.ts";
import { FolderFiles } from "./layout-files.ts";
import { GraphReader } from "./layout-graph.ts";
import { EMPTY_LAYOUT_INDEX, formatLayoutIndex } from "./layout-index.ts";
import { LayoutIndexFile } from "./layout-index-file.ts";
import {
  checkMarker,
  formatMarker,
  isOwnName,
  LAYOUT_BLOBS,
  LAYOUT_INDEX,
  LAYOUT_MARKER,
  PARTIAL_FOLDER,
} from "./layout-marker.ts";
import type { LayoutParts } from "./layout-repository.ts";

/** How a layout is read. */
export interface LayoutOptions {
  /**
   * The repository of roots that name none: a bare tag, or no name at all, as other tools write.
   * Without it they are kept but cannot be read.
   */
  readonly unnamed?: string;
}

/**
 * Makes an image layout in a folder that is absent or empty, or opens the one that is there; one
 * whose making was interrupted is completed.
 *
 * @throws {DevregError} INPUT_INVALID when the folder holds something else; UNSUPPORTED; IO
 */
export async function createLayout(
  folder: string,
  options?: LayoutOptions,
): Promise<LayoutRegistry> {
  const root = resolve(folder);
  await makeFolder(root);
  await syncFolder(dirname(root));
  if ((await readMarker(root)) === undefined) await initialise(root);
  return openLayout(root, options);
}

/**
 * Opens an image layout to read and write; what an interrupted process left is removed.
 *
 * @throws {DevregError} NOT_FOUND, INPUT_INVALID when the folder is no layout; UNSUPPORTED; IO
 */
export async function openLayout(folder: string, options?: LayoutOptions): Promise<LayoutRegistry> {
  const parts = await openParts(folder, options);
  const partial = join(resolve(folder), PARTIAL_FOLDER);
  await removeFolder(partial);
  await makeFolder(partial);
  return new LayoutRegistry(parts);
}

/**
 * Opens an image layout to read; nothing is written, so the file system may be read-only.
 *
 * @throws {DevregError} NOT_FOUND, INPUT_INVALID when the folder is no layout; UNSUPPORTED; IO
 */
export async function openReadonlyLayout(
  folder: string,
  options?: LayoutOptions,
): Promise<ReadonlyLayoutRegistry> {
  return new ReadonlyLayoutRegistry(await openParts(folder, options));
}

/** Opens the parts of an image layout in a folder; nothing is written by this. */
export async function openParts(folder: string, options: LayoutOptions = {}): Promise<LayoutParts> {
  const root = resolve(folder);
  const marker = await readMarker(root);
  if (marker === undefined) throw noLayout(root);
  checkMarker(root, marker);
  const pool = new BlobPool(root);
  const index = new LayoutIndexFile(root);
  // An index.json that cannot be read is reported now rather than at the first request.
  await index.read();
  return {
    pool,
    index,
    graphs: new GraphReader(pool),
    files: new FolderFiles(root),
    unnamed: options.unnamed,
    pushed: new Map(),
  };
}

/** Makes the files of a layout, the marker last: without it the folder is not taken for one. */
async function initialise(root: string): Promise<void> {
  const names = await readdir(root);
  const foreign = names.find((name) => !isOwnName(name));
  if (foreign !== undefined) throw notEmpty(root, foreign);
  const temporaryFolder = join(root, PARTIAL_FOLDER);
  await makeFolder(temporaryFolder);
  await makeFolder(join(root, LAYOUT_BLOBS, "sha256"));
  await syncFolder(join(root, LAYOUT_BLOBS));
  const empty = formatLayoutIndex(EMPTY_LAYOUT_INDEX);
  // An index.json without the marker beside it may name content: it must be one, and stays.
  if (names.includes(LAYOUT_INDEX)) await new LayoutIndexFile(root).read();
  else await writeFileAtomic(join(root, LAYOUT_INDEX), empty, { temporaryFolder });
  await writeFileAtomic(join(root, LAYOUT_MARKER), formatMarker(), { temporaryFolder });
}

/** Reads the marker of a layout; undefined when the folder is none. */
async function readMarker(root: string): Promise<Uint8Array | undefined> {
  const path = join(root, LAYOUT_MARKER);
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(LAYOUT_MARKER_BYTES));
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    throw ioError("read", path, error);
  }
}

function noLayout(root: string): DevregError {
  return new DevregError(
    "NOT_FOUND",
    `Cannot open image layout "${root}": it has no ${LAYOUT_MARKER}`,
    {
      hint: "Name the folder that holds oci-layout, index.json and blobs",
    },
  );
}

function notEmpty(root: string, name: string): DevregError {
  return new DevregError(
    "INPUT_INVALID",
    `Cannot make an image layout in "${root}": it holds "${name}"`,
    { hint: "Choose a folder that is empty or does not exist" },
  );
}

async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw ioError("remove", path, error);
  }
}
