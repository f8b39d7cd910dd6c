import {
  ARCHIVE_NAME,
  type Build,
  gzipStored,
  packTar,
  type TarFile,
} from "../../generator/index.ts";
import {
  DOCUMENTS,
  type InspectedFile,
  inspectPlace,
  type MirrorRules,
  type Place,
} from "../discover/index.ts";
import type { ImageNaming } from "./new-reference.ts";
import { rewriteDevfile } from "./rewrite-devfile.ts";
import { rewriteDocument } from "./rewrite-document.ts";

/** What becomes of a place. */
export interface RewrittenPlace {
  /** New contents by path in the build. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly changed: number;
  /** Documents that others may name too; they are not among the files. */
  readonly shared: readonly InspectedFile[];
}

/** Renames the images of one place: its devfile, and the manifests and Dockerfiles it has. */
export async function rewritePlace(
  build: Build,
  place: Place,
  naming: ImageNaming & { readonly rules: MirrorRules },
): Promise<RewrittenPlace> {
  const inspected = await inspectPlace(build, place, naming.rules, true);
  const files = new Map<string, Uint8Array>();
  let changed = 0;
  for (const devfile of inspected.devfiles) {
    const rewritten = rewriteDevfile(devfile.path, devfile, naming);
    if (rewritten.changed > 0) files.set(devfile.path, rewritten.bytes);
    changed += rewritten.changed;
  }
  const shared = inspected.files.filter(({ path }) => path.startsWith(`${DOCUMENTS}/`));
  const archived = new Map<TarFile, Uint8Array>();
  for (const file of inspected.files.filter((each) => !shared.includes(each))) {
    const rewritten = rewriteDocument(file, naming);
    if (rewritten.changed === 0) continue;
    changed += rewritten.changed;
    if (file.archived === undefined) files.set(file.path, rewritten.bytes);
    else archived.set(file.archived, rewritten.bytes);
  }
  if (archived.size > 0) {
    files.set(`${place.folder}/${ARCHIVE_NAME}`, await packAgain(inspected.archive, archived));
  }
  return { files, changed, shared };
}

async function packAgain(
  archive: readonly TarFile[],
  changed: ReadonlyMap<TarFile, Uint8Array>,
): Promise<Uint8Array> {
  const files = archive.map((file) => ({ ...file, bytes: changed.get(file) ?? file.bytes }));
  return gzipStored(await packTar(files));
}
