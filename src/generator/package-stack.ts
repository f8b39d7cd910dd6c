import { DevregError } from "../errors.ts";
import { STACK_FILE_BYTES, STACK_VERSION_BYTES } from "../limits.ts";
import { compareBytewise } from "./ordering.ts";
import { gzipStored, packTar, type TarFile } from "./package-stack-archive.ts";

/** One file of a version folder. */
export interface FolderFile {
  /** Relative to the version folder, parts joined by "/". */
  readonly path: string;
  readonly executable: boolean;
  read(): Promise<Uint8Array>;
}

/** One file of a packaged version folder, or of another flat folder of a build. */
export interface PackagedFile {
  /** A single path part, except below icons/. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The file that everything without a place of its own is packed into; it is gzip'd. */
export const ARCHIVE_NAME = "archive.tar";

const RESOURCE = /^(?:\.?devfile\.yaml|meta\.yaml|logo\.svg|logo\.png|.*\.vsx|.*\.zip)$/s;
const LEFT_OUT = new Set(["OWNERS", "stack.yaml"]);

type Place = "resource" | "archive" | "nowhere";

/**
 * Gives the names of the files that packaging leaves in a version folder, sorted bytewise: the
 * `resources` of the index. A file of a sub-folder is never one of them.
 */
export function resourceNames(paths: readonly string[]): readonly string[] {
  const names = paths.filter((path) => placeOf(path) === "resource");
  if (paths.some((path) => placeOf(path) === "archive")) names.push(ARCHIVE_NAME);
  return [...new Set(names)].sort(compareBytewise);
}

/**
 * Packages a version folder: what clients look for by name stays a file, everything else goes into
 * archive.tar. The same files give the same bytes, whatever their order, dates or the machine, and
 * a packaged folder stays as it is. Sorted by name.
 *
 * Parity: build-tools/build.sh, which archives the top-level names as "./name".
 *
 * @throws {DevregError} INPUT_INVALID for a path that leaves the folder, is there twice or is an
 *   archive.tar beside files that need that name; LIMIT_EXCEEDED when there is too much
 */
export async function packageStack(files: readonly FolderFile[]): Promise<readonly PackagedFile[]> {
  checkPaths(files.map(({ path }) => path));
  const packaged: PackagedFile[] = [];
  const archived: TarFile[] = [];
  let totalBytes = 0;
  for (const file of files) {
    const place = placeOf(file.path);
    if (place === "nowhere") continue;
    const bytes = await file.read();
    totalBytes += bytes.byteLength;
    checkSize(file.path, bytes.byteLength, totalBytes);
    if (place === "resource" || file.path === ARCHIVE_NAME) {
      packaged.push({ name: file.path, bytes });
    } else {
      archived.push({ name: `./${file.path}`, executable: file.executable, bytes });
    }
  }
  if (archived.length > 0) {
    packaged.push({ name: ARCHIVE_NAME, bytes: gzipStored(await packTar(archived)) });
  }
  return packaged.sort((a, b) => compareBytewise(a.name, b.name));
}

function placeOf(path: string): Place {
  if (LEFT_OUT.has(path)) return "nowhere";
  return !path.includes("/") && RESOURCE.test(path) ? "resource" : "archive";
}

function checkPaths(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    const parts = path.split("/");
    if (path.includes("\0") || parts.some((part) => part === "" || part === "." || part === "..")) {
      throw invalid(`the path "${path}" does not stay in the folder`);
    }
    if (seen.has(path)) throw invalid(`"${path}" is there twice`);
    seen.add(path);
  }
  const others = paths.filter((path) => path !== ARCHIVE_NAME && placeOf(path) === "archive");
  if (seen.has(ARCHIVE_NAME) && others.length > 0) {
    throw invalid(
      `"${ARCHIVE_NAME}" lies beside "${others[0]}", which needs an archive of that name`,
      "Rename the file: clients unpack an archive.tar over their own download of it",
    );
  }
}

function checkSize(path: string, fileBytes: number, totalBytes: number): void {
  if (path !== ARCHIVE_NAME && fileBytes > STACK_FILE_BYTES) {
    throw tooLarge(`"${path}" is over ${STACK_FILE_BYTES} bytes`);
  }
  if (totalBytes > STACK_VERSION_BYTES) {
    throw tooLarge(`its files are over ${STACK_VERSION_BYTES} bytes together`);
  }
}

function invalid(state: string, hint?: string): DevregError {
  const detail = hint === undefined ? {} : { hint };
  return new DevregError("INPUT_INVALID", `Cannot package version folder: ${state}`, detail);
}

function tooLarge(state: string): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot package version folder: ${state}`, {
    hint: "Keep large content out of the stack and refer to it",
  });
}
