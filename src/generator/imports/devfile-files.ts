import { DevregError } from "../../errors.ts";
import { YAML_BYTES } from "../../limits.ts";
import type { Devfile } from "../devfile-yaml.ts";
import type { Repository, SampleVersion, StackVersion } from "../repository.ts";
import type { StackSource } from "../stack-source.ts";

/** Reads a file of wherever a devfile lies. @throws {DevregError} NOT_FOUND, IO, LIMIT_EXCEEDED */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** A devfile that may import others. */
export interface PlacedDevfile {
  readonly devfile: Devfile;
  /** What findings call it: its path in the registry repository. */
  readonly path: string;
  /** Where it lies among the files that relative addresses in it lead to. */
  readonly filePath: string;
  readonly read: ReadFile;
}

/** Gives the devfiles of a repository, with the files that lie where they do. */
export function placedDevfiles(files: StackSource, repository: Repository): PlacedDevfile[] {
  const here: ReadFile = (path) => files.read(path, YAML_BYTES);
  const place = (
    { devfile }: StackVersion | SampleVersion,
    elsewhere: { readonly read: ReadFile; readonly filePath: string } | undefined,
  ): PlacedDevfile[] => {
    if (devfile?.contents === undefined) return [];
    const { path, contents } = devfile;
    return [{ devfile: contents, path, filePath: path, read: here, ...elsewhere }];
  };
  return [
    ...repository.stacks.flatMap(({ versions }) =>
      versions.flatMap((version) => place(version, besideVersion(version))),
    ),
    ...repository.extras.flatMap(({ samples }) =>
      samples.flatMap((sample) => place(sample, besideSample(sample))),
    ),
  ];
}

/** The files of a version that was fetched are at hand. */
function besideVersion({ devfile, files }: StackVersion) {
  if (devfile === undefined || files.every(({ bytes }) => bytes === undefined)) return undefined;
  const read: ReadFile = async (path) => {
    const bytes = files.find((file) => file.path === path)?.bytes;
    if (bytes === undefined) throw notThere(path);
    return bytes;
  };
  return { read, filePath: devfile.path };
}

function besideSample({ beside }: SampleVersion) {
  if (beside === undefined) return undefined;
  const read: ReadFile = async (path) => {
    const bytes = beside.files.get(path);
    if (bytes === undefined) throw notThere(path);
    return bytes;
  };
  return { read, filePath: beside.path };
}

function notThere(path: string): DevregError {
  return new DevregError("NOT_FOUND", `Cannot find "${path}": the fetched files do not have it`);
}
