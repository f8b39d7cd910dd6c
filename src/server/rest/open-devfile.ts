import type { Representation } from "../http/index.ts";
import type { BuildReader } from "./build-reader.ts";
import type { DevfilePlace } from "./devfile-lookup.ts";

const NAMES = ["devfile.yaml", ".devfile.yaml"];

/** Opens the devfile of a version as the text that it is answered as; undefined when it has none. */
export async function openDevfile(
  reader: BuildReader,
  { folder }: DevfilePlace,
): Promise<Representation | undefined> {
  for (const name of NAMES) {
    const devfile = await reader.open(`${folder}/${name}`, "text");
    if (devfile !== undefined) return devfile;
  }
  return undefined;
}
