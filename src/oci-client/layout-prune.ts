import { readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ioError, systemCode } from "../atomic-file.ts";
import type { Descriptor } from "./descriptor.ts";
import { type Digest, hexOf } from "./digest.ts";
import { openParts } from "./layout-folder.ts";
import type { LayoutIndex, LayoutRoots } from "./layout-index.ts";
import { LAYOUT_BLOBS } from "./layout-marker.ts";

/**
 * Takes from an image layout in a folder every root that is not named, then all content that none
 * of the others needs. Nobody else may be writing to it.
 *
 * @param names roots to keep, as index.json names them: "quay.io/team/app:1.0"
 * @returns how many files were removed
 * @throws {DevregError} NOT_FOUND when the folder is no layout; IO
 */
export async function pruneLayout(folder: string, names: ReadonlySet<string>): Promise<number> {
  const parts = await openParts(folder);
  await parts.index.edit((index) => withOnly(index, names));
  const needed = new Set<Digest>();
  for (const roots of (await parts.index.read()).repositories.values()) {
    for (const { descriptor } of roots.values()) {
      const graph = await parts.graphs.graphOf(descriptor);
      for (const digest of [...graph.manifests.keys(), ...graph.blobs.keys()]) needed.add(digest);
    }
  }
  let removed = 0;
  for (const algorithm of ["sha256", "sha512"] as const) {
    const kept = new Set(
      [...needed].filter((digest) => digest.startsWith(algorithm)).map((digest) => hexOf(digest)),
    );
    removed += await removeOthers(join(resolve(folder), LAYOUT_BLOBS, algorithm), kept);
  }
  return removed;
}

function withOnly(index: LayoutIndex, names: ReadonlySet<string>): LayoutIndex {
  const repositories = new Map<string, LayoutRoots>();
  for (const [name, roots] of index.repositories) {
    const kept = [...roots].filter(([key]) => names.has(`${name}${key}`));
    if (kept.length > 0) repositories.set(name, new Map(kept));
  }
  return { ...index, others: [], repositories };
}

async function removeOthers(folder: string, kept: ReadonlySet<string>): Promise<number> {
  try {
    const others = (await readdir(folder)).filter((name) => !kept.has(name));
    for (const name of others) await rm(join(folder, name), { force: true });
    return others.length;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return 0;
    throw ioError("clean", folder, error);
  }
}

/** Names a root as index.json does. */
export function rootName(repository: string, { digest }: Descriptor, tag?: string): string {
  return tag === undefined ? `${repository}@${digest}` : `${repository}:${tag}`;
}
