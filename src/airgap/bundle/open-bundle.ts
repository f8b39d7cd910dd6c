import { stat } from "node:fs/promises";
import { ioError, systemCode } from "../../atomic-file.ts";
import { utf8 } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { type Build, readPublishedBuild } from "../../generator/index.ts";
import {
  type Descriptor,
  type Digest,
  type LayoutFiles,
  openReadonlyLayout,
  openTarLayout,
  type ReadonlyRegistry,
} from "../../oci-client/index.ts";
import { type MirrorRules, NO_RULES, parseMirrorRules } from "../discover/index.ts";
import type { MirrorLock } from "../lock.ts";
import { LOCK_FILE } from "./bundle-format.ts";
import { type BundleRoot, readBundleRoot } from "./bundle-root.ts";
import { readMirrorRecord } from "./mirror-record.ts";

/** A bundle that can be read until it is closed. */
export interface Bundle {
  /** Its path, for messages. */
  readonly shown: string;
  /** The root that names everything; its digest is the bundle's. */
  readonly root: Descriptor;
  readonly roots: readonly BundleRoot[];
  /** Images under their full names ("quay.io/devfile/udi"), and the registry that names them. */
  readonly registry: ReadonlyRegistry;
  /** What lies beside the layout. */
  readonly files: LayoutFiles;
  /** Of the executable among these files. */
  readonly executable: Digest | undefined;
  readonly lock: MirrorLock;
  readonly mapping: string;
  readonly rules: MirrorRules;
  /** Reads the registry of devfiles; devfiles name images as their authors did. */
  build(): Promise<Build>;
  close(): Promise<void>;
}

/**
 * Opens a bundle, a folder or one tar file; nothing is written.
 *
 * @throws {DevregError} NOT_FOUND; INPUT_INVALID when it is no bundle; BUNDLE_INVALID when it is
 *   damaged; UNSUPPORTED for a newer format; IO
 */
export async function openBundle(path: string, shown = path): Promise<Bundle> {
  const layout = await openMedium(path, shown);
  try {
    const { root, roots, executable } = await readBundleRoot(layout.registry, shown);
    const { lock, mapping } = await readMirrorRecord(layout.registry, shown);
    return {
      ...layout,
      shown,
      root,
      roots,
      executable,
      lock,
      mapping,
      rules: rulesOf(lock, shown),
      build: () => readPublishedBuild(layout.registry),
    };
  } catch (error) {
    await layout.close();
    throw error;
  }
}

function rulesOf({ rules }: MirrorLock, shown: string): MirrorRules {
  return rules === undefined ? NO_RULES : parseMirrorRules(`${shown}: ${LOCK_FILE}`, utf8(rules));
}

interface Medium {
  readonly registry: ReadonlyRegistry;
  readonly files: LayoutFiles;
  close(): Promise<void>;
}

async function openMedium(path: string, shown: string): Promise<Medium> {
  const isFolder = (await entryAt(path, shown)).isDirectory();
  if (!isFolder) {
    const registry = await openTarLayout(path);
    return { registry, files: registry.files, close: () => registry.close() };
  }
  const registry = await openReadonlyLayout(path);
  return { registry, files: registry.files, close: async () => undefined };
}

async function entryAt(path: string, shown: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw ioError("read", path, error);
    throw new DevregError("NOT_FOUND", `Cannot open bundle "${shown}": there is no such file`, {
      cause: error,
    });
  }
}
