import { DevregError } from "../../errors.ts";
import { type PackagedFile, resourceNames } from "../package-stack.ts";
import type { ImportedFile } from "../parents/index.ts";
import { addToStackArchive, readStackArchive } from "../stack-archive.ts";
import type { DevfileReader } from "./devfile-reader.ts";
import type { OfflinePlace } from "./place.ts";

/**
 * Brings the files that components of a flattened devfile name and that lay beside its parents. What
 * lies beside the devfile itself under that name is what its author meant, and stays.
 *
 * Parity: the devfile library downloads the resources of a parent beside the devfile.
 *
 * @throws {DevregError} INPUT_INVALID for a name that leaves the folder; as fetching does
 */
export async function bringImported(
  place: OfflinePlace,
  imported: readonly ImportedFile[],
  reader: DevfileReader,
): Promise<readonly PackagedFile[]> {
  const archived = (await readStackArchive(place.files)).map(({ name }) => pathOf(name));
  const held = new Set([...place.files.map(({ name }) => name), ...archived]);
  const added: PackagedFile[] = [];
  for (const { uri, base } of imported) {
    const name = pathOf(uri);
    if (name.split("/").includes("..")) {
      throw new DevregError("INPUT_INVALID", `Cannot bring "${uri}": it leaves its folder`);
    }
    if (held.has(name)) continue;
    held.add(name);
    added.push({ name, bytes: await reader.readBeside(uri, base) });
  }
  // Only stacks are pulled as an archive; what is beside a sample is served as it is.
  if (added.length === 0 || !place.folder.startsWith("stacks/")) return added;
  const resources = new Set(resourceNames(added.map(({ name }) => name)));
  const loose = added.filter(({ name }) => resources.has(name));
  const packed = added.filter(({ name }) => !resources.has(name));
  if (packed.length === 0) return loose;
  return [...loose, await addToStackArchive(place.files, packed)];
}

function pathOf(uri: string): string {
  return uri.replace(/^(?:\.?\/)+/, "");
}
