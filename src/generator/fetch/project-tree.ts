import { DevregError } from "../../errors.ts";
import { compareBytewise } from "../ordering.ts";
import type { ProjectEntry, ProjectTree } from "./project.ts";
import { checkLinks } from "./tree-links.ts";
import { checkPath } from "./tree-paths.ts";

const LFS_POINTER = Buffer.from("version https://git-lfs.github.com/spec/v1\n");
const LFS_POINTER_BYTES = 1024;

/**
 * Makes the tree of a project from its files in any order.
 *
 * @throws {DevregError} INPUT_INVALID for what cannot be unpacked safely everywhere: names that mean
 *   something else, duplicates, a file that is also a folder, links that leave the tree or that
 *   a system ignoring case takes for a folder; UNSUPPORTED for pointers of Git LFS
 */
export function makeTree(found: readonly ProjectEntry[]): ProjectTree {
  const entries = found.toSorted((a, b) => compareBytewise(a.path, b.path));
  if (entries.length === 0) {
    throw new DevregError("INPUT_INVALID", "Cannot fetch the project: it has no files");
  }
  checkPlaces(entries);
  checkLinks(entries);
  const pointer = entries.find(isLfsPointer);
  if (pointer !== undefined) throw lfsPointer(pointer.path);
  const totalBytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  return { entries, totalBytes };
}

/**
 * Checks that files can be written to a disk: each path is one, and no link is in the place of
 * another path. Where links lead is for who reads them to check.
 *
 * @throws {DevregError} INPUT_INVALID, LIMIT_EXCEEDED
 */
export function checkPlaces(entries: readonly ProjectEntry[]): void {
  for (const { path } of entries) checkPath(path);
  checkDuplicates(entries);
}

/** Tells whether a file is what Git LFS leaves in the place of content it keeps elsewhere. */
export function isLfsPointer(entry: ProjectEntry): boolean {
  if (entry.mode === "symlink" || entry.bytes.byteLength > LFS_POINTER_BYTES) return false;
  const start = entry.bytes.subarray(0, LFS_POINTER.byteLength);
  return LFS_POINTER.equals(start) && /\noid sha256:[0-9a-f]{64}\n/.test(textOf(entry.bytes));
}

/** Gives a path as systems that ignore case see it. */
export function foldPath(path: string): string {
  return path.normalize("NFC").toLowerCase().normalize("NFC");
}

function checkDuplicates(entries: readonly ProjectEntry[]): void {
  const folders = new Set<string>();
  const files = new Map<string, ProjectEntry>();
  const folded = new Map<string, ProjectEntry>();
  for (const entry of entries) {
    if (files.has(entry.path)) throw twice(entry.path, entry.path);
    files.set(entry.path, entry);
    const same = folded.get(foldPath(entry.path));
    if (same !== undefined && (same.mode === "symlink" || entry.mode === "symlink")) {
      throw twice(same.path, entry.path);
    }
    folded.set(foldPath(entry.path), entry);
    for (let end = entry.path.indexOf("/"); end > 0; end = entry.path.indexOf("/", end + 1)) {
      folders.add(entry.path.slice(0, end));
    }
  }
  for (const folder of folders) {
    if (files.has(folder)) throw twice(folder, `${folder}/`);
    const link = folded.get(foldPath(folder));
    if (link?.mode === "symlink") throw twice(link.path, `${folder}/`);
  }
}

function sizeOf(entry: ProjectEntry): number {
  return entry.mode === "symlink" ? Buffer.byteLength(entry.target) : entry.bytes.byteLength;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function twice(one: string, other: string): DevregError {
  const message = `Cannot fetch the project: "${one}" and "${other}" are at the same place`;
  return new DevregError("INPUT_INVALID", message, { hint: "Rename one of them in the project" });
}

function lfsPointer(path: string): DevregError {
  return new DevregError(
    "UNSUPPORTED",
    `Cannot fetch the project: "${path}" is a pointer of Git LFS, not its content`,
    { hint: "Keep the file itself in git" },
  );
}
