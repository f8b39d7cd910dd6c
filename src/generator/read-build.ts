import { open } from "node:fs/promises";
import { join } from "node:path";
import { ioError, systemCode } from "../atomic-file.ts";
import { readAll } from "../bytes.ts";
import { eachBounded } from "../concurrent.ts";
import { DevregError, describeError } from "../errors.ts";
import { FILE_CONCURRENCY, INDEX_BYTES } from "../limits.ts";
import { Pace } from "../turn.ts";
import { VERSIONS_IN_A_ROW } from "../turn-limits.ts";
import type { Build } from "./build.ts";
import { stackVersions, type VersionLocation } from "./build-folder.ts";
import { parseBuildInfo } from "./build-info.ts";
import { parseIndexInTurns } from "./index-json.ts";
import { type BuildLocation, FolderBuildFiles } from "./read-build-files.ts";

/** Whether a folder is a build and, if not, why; the reason completes "it is no build: …". */
export type BuildCheck =
  | { readonly complete: true; readonly build: Build }
  | { readonly complete: false; readonly reason: string };

/** Gives where the parts of a build in one folder lie. */
function buildLocation(dir: string): BuildLocation {
  return {
    indexPath: join(dir, "index.json"),
    stacksDir: join(dir, "stacks"),
    samplesDir: join(dir, "samples"),
    within: dir,
  };
}

/**
 * Tells whether a folder is a build: its index.json is one, and every file its `resources` name is
 * there. A registry repository that merely contains an index.json is none.
 */
export async function isBuild(dir: string): Promise<boolean> {
  return (await checkBuild(dir)).complete;
}

/** Reads a folder as a build if it is one. @throws {DevregError} IO, UNSUPPORTED */
export async function checkBuild(where: string | BuildLocation): Promise<BuildCheck> {
  const location = typeof where === "string" ? buildLocation(where) : where;
  const indexBytes = await readIfThere(location.indexPath);
  if (indexBytes === undefined) return incomplete(`there is no "${location.indexPath}"`);
  try {
    const build = await openBuild(location, indexBytes);
    const missing = await firstMissing(build);
    return missing === undefined
      ? { complete: true, build }
      : incomplete(`"${missing}", which its index names, is missing`);
  } catch (error) {
    const code = error instanceof DevregError ? error.code : undefined;
    if (code === "INPUT_INVALID") return incomplete(describeError(error));
    throw error;
  }
}

/**
 * Reads a build of ours or of the Go tools. Its other files are read when they are asked for.
 *
 * @throws {DevregError} INPUT_INVALID when it is no build or not whole; UNSUPPORTED when a newer
 *   major version wrote it; IO when it cannot be read
 */
export async function readBuild(where: string | BuildLocation): Promise<Build> {
  const check = await checkBuild(where);
  if (check.complete) return check.build;
  const name = typeof where === "string" ? where : where.indexPath;
  throw new DevregError("INPUT_INVALID", `Cannot read build "${name}": ${check.reason}`, {
    hint: "Make a build with devreg generate, or give the registry repository itself",
  });
}

async function openBuild(location: BuildLocation, indexBytes: Uint8Array): Promise<Build> {
  const infoPath = join(location.indexPath, "..", "build.json");
  const infoBytes = await readIfThere(infoPath);
  return {
    index: await parseIndexInTurns(indexBytes, "index.json"),
    indexBytes,
    info: infoBytes === undefined ? undefined : parseBuildInfo(infoBytes, infoPath),
    files: new FolderBuildFiles(location),
  };
}

async function firstMissing(build: Build): Promise<string | undefined> {
  const locations = await stackVersions(build);
  const pace = new Pace(VERSIONS_IN_A_ROW);
  const missing = await eachBounded(locations, FILE_CONCURRENCY, async (location) => {
    await pace.did(1);
    return await missingResource(build, location);
  });
  return missing.find((path) => path !== undefined);
}

async function missingResource(
  build: Build,
  { folder, version }: VersionLocation,
): Promise<string | undefined> {
  const names = new Set(await build.files.list(folder));
  const missing = version.resources?.find((name) => !names.has(name));
  return missing === undefined ? undefined : `${folder}/${missing}`;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    const file = await open(path, "r");
    try {
      return await readAll(file.createReadStream({ autoClose: false }), INDEX_BYTES, `"${path}"`);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw ioError("read", path, error);
  }
}

function incomplete(reason: string): BuildCheck {
  return { complete: false, reason };
}
