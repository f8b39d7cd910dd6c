import { createHash } from "node:crypto";
import { DevregError } from "../../errors.ts";
import { FETCH_TIMEOUT_MS, ZIP_BYTES } from "../../limits.ts";
import { fetchBytes } from "../../net/index.ts";
import { entriesBelow } from "./fetch-git.ts";
import type { FetchScope } from "./fetch-scope.ts";
import type { ProjectEntry, ProjectReader, ZipProjectSource } from "./project.ts";
import { makeTree } from "./project-tree.ts";
import { parseSubDir } from "./tree-paths.ts";
import { unzip } from "./unzip.ts";

/** Opens a project in a zip archive. @throws {DevregError} as openProject() */
export async function openZip(source: ZipProjectSource, scope: FetchScope): Promise<ProjectReader> {
  const url = parseLocation(source.location);
  scope.log.debug("fetching project", { url: url.href });
  const { bytes } = await fetchBytes(scope.send, url, {
    limitBytes: scope.limitBytes ?? ZIP_BYTES,
    timeoutMs: scope.timeoutMs ?? FETCH_TIMEOUT_MS,
    what: `"${url.href}"`,
    signal: scope.signal,
  });
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = withoutTopFolder(await unzip(zip, scope));
  return async (subDir) => ({
    tree: makeTree(entriesBelow(entries, parseSubDir(subDir))),
    provenance: { kind: "zip", url: url.href, sha256: sha256(zip) },
  });
}

/**
 * Takes away a folder that holds everything, as archives of a git server have it.
 *
 * Parity: DevWorkspace Operator (project-clone/internal/zip/setup.go, dropTopLevelFolder) does the
 * same. odo (pkg/util/util.go, Unzip) takes the first name away from every path that has several,
 * which is the same for all archives that are meant for it.
 */
function withoutTopFolder(entries: readonly ProjectEntry[]): readonly ProjectEntry[] {
  const tops = new Set(entries.map(({ path }) => path.slice(0, path.indexOf("/") + 1)));
  const [top = ""] = tops;
  // A file beside the folders has no top, which makes it "".
  if (tops.size !== 1 || top === "") return entries;
  return entries.map((entry) => ({ ...entry, path: entry.path.slice(top.length) }));
}

function parseLocation(location: string): URL {
  const url = URL.parse(location);
  const web = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === null || !web) {
    const message = `Cannot fetch "${location.slice(0, 200)}": it is no http or https address`;
    throw new DevregError("INPUT_INVALID", message);
  }
  if (url.username !== "" || url.password !== "") {
    const message = `Cannot fetch a zip archive from ${url.host}: its address has a password`;
    throw new DevregError("INPUT_INVALID", message, {
      hint: "Take it out: whoever has the devfile would see it",
    });
  }
  url.hash = "";
  return url;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
