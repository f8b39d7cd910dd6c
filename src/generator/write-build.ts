import { constants, existsSync } from "node:fs";
import { access, mkdtemp, readdir, realpath, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ioError, makeFolder, systemCode } from "../atomic-file.ts";
import { DevregError } from "../errors.ts";
import type { Build } from "./build.ts";
import { checkBuild } from "./read-build.ts";
import { writeBuildFiles } from "./write-build-files.ts";
import { swapContents, swapFolder } from "./write-build-swap.ts";

/** What a build consists of at its top; a folder with anything else in it is never replaced. */
const BUILD_NAMES: ReadonlySet<string> = new Set([
  "index.json",
  "build.json",
  "stacks",
  "samples",
  "icons",
  "documents",
]);
/** What was left by a run that got killed, and what a fresh file system holds. */
const IGNORED = /^(?:\..*\.partial-[A-Za-z0-9]{6}|lost\+found)$/;
const STAGED_SUFFIX = ".partial-";

/**
 * Writes a build to a folder, which then holds all of it or what it held before, also after a power
 * cut: everything is written under another name and on the disk before it gets its own. The same
 * build gives the same bytes and modes. An existing build is replaced; where the folder is a mount
 * point its contents are exchanged one by one, index.json first out and last in, so that it is a
 * whole build or none at any time.
 *
 * @throws {DevregError} INPUT_INVALID when the folder holds something else than a build; IO when
 *   the disk is full or refuses
 */
export async function writeBuild(build: Build, dir: string): Promise<void> {
  const target = await realTarget(dir);
  const occupied = await checkTarget(target);
  await makeFolder(dirname(target));
  const inside = occupied && (await cannotBeRenamed(target));
  const staged = await makeStaged(inside ? target : dirname(target), basename(target));
  try {
    await writeBuildFiles(build, staged);
    if (inside) await swapContents(staged, target);
    else await swapFolder(staged, target);
  } finally {
    // Gone already when it was swapped in; what cannot be removed must not hide the first error.
    await rm(staged, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Follows a symbolic link to the folder, so that the link itself stays. */
async function realTarget(dir: string): Promise<string> {
  try {
    return await realpath(dir);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return resolve(dir);
    throw ioError("write", dir, error);
  }
}

/** Tells whether the folder exists; then it is empty or holds a build to replace. */
async function checkTarget(target: string): Promise<boolean> {
  const names = await namesIn(target, (path) => refused(path, "it is a file"));
  if (names === undefined) return false;
  const kept = names.filter((name) => !IGNORED.test(name));
  if (kept.length === 0) return true;
  const foreign = kept.find((name) => !BUILD_NAMES.has(name));
  if (foreign !== undefined)
    throw refused(target, `it holds "${foreign}", which is no part of one`);
  if (await holdsSources(target)) throw refused(target, "it holds a stack.yaml, as sources do");
  // What devreg wrote is known by its build.json, also when a part of it got lost.
  if (kept.includes("build.json")) return true;
  const check = await checkBuild(target);
  if (!check.complete) throw refused(target, check.reason);
  return true;
}

async function holdsSources(target: string): Promise<boolean> {
  const stacks = join(target, "stacks");
  const names = (await namesIn(stacks)) ?? [];
  return names.some((stack) => existsSync(join(stacks, stack, "stack.yaml")));
}

async function namesIn(
  folder: string,
  noFolder?: (path: string) => DevregError,
): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") return undefined;
    if (code !== "ENOTDIR") throw ioError("read", folder, error);
    if (noFolder !== undefined) throw noFolder(folder);
    return undefined;
  }
}

/** A mount point cannot be renamed, and no folder can below a parent that is not ours. */
async function cannotBeRenamed(target: string): Promise<boolean> {
  const parent = dirname(target);
  try {
    const [own, above] = await Promise.all([stat(target), stat(parent)]);
    if (own.dev !== above.dev) return true;
    await access(parent, constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

async function makeStaged(parent: string, name: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, `.${name}${STAGED_SUFFIX}`));
  } catch (error) {
    throw ioError("write", join(parent, name), error);
  }
}

function refused(target: string, reason: string): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot replace "${target}" by a build: ${reason}`, {
    hint: "Give a folder that is empty, new or a build that devreg wrote",
  });
}
