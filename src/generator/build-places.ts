import { textOf } from "../bytes.ts";
import { eachBounded } from "../concurrent.ts";
import { FILE_CONCURRENCY } from "../limits.ts";
import type { Build } from "./build.ts";
import { stackName, versionFolder } from "./build-folder.ts";
import type { IndexEntry, IndexVersion } from "./index-schema.ts";
import type { RegistryPlace } from "./own-devfiles.ts";

/** The devfile of a place of a build. */
export interface BuildDevfile {
  /** "stacks/go/2.0.0/devfile.yaml" */
  readonly path: string;
  readonly text: string;
}

/** What the index of a build has of one version of a stack or sample, or of an entry without any. */
export interface BuildPlace extends RegistryPlace {
  readonly entry: IndexEntry;
  readonly indexVersion: IndexVersion | undefined;
  /** "stack" or "sample". */
  readonly type: string;
  /** The folder of all versions: "stacks/go". */
  readonly above: string;
  readonly devfile: BuildDevfile | undefined;
}

const DEVFILES = ["devfile.yaml", ".devfile.yaml"];

/** Finds the places of a build and reads their devfiles, in the order of the index. */
export async function buildPlaces(build: Build): Promise<readonly BuildPlace[]> {
  const all = build.index.flatMap((entry) => {
    const versions: readonly (IndexVersion | undefined)[] = entry.versions ?? [];
    const each = versions.length === 0 ? [undefined] : versions;
    return each.map((indexVersion) => ({ entry, indexVersion }));
  });
  return await eachBounded(all, FILE_CONCURRENCY, async ({ entry, indexVersion }) => {
    const { name, type = "stack" } = entry;
    const above = type === "sample" ? `samples/${name}` : `stacks/${stackName(entry)}`;
    const folder = await folderOf(build, entry, indexVersion, above);
    return {
      entry,
      indexVersion,
      type,
      above,
      name,
      version: indexVersion?.version,
      isDefault: indexVersion === undefined || indexVersion.default === true,
      folder,
      devfile: await readDevfile(build, folder),
    };
  });
}

async function folderOf(
  build: Build,
  entry: IndexEntry,
  version: IndexVersion | undefined,
  above: string,
): Promise<string> {
  if (version === undefined) return above;
  if (entry.type !== "sample") return await versionFolder(build, entry, version);
  if (version.version === undefined) return above;
  const folder = `${above}/${version.version}`;
  return (await build.files.list(folder)).length > 0 ? folder : above;
}

async function readDevfile({ files }: Build, folder: string): Promise<BuildDevfile | undefined> {
  const names = await files.list(folder);
  const name = DEVFILES.find((each) => names.includes(each));
  if (name === undefined) return undefined;
  const path = `${folder}/${name}`;
  return { path, text: textOf(await files.read(path)) };
}
