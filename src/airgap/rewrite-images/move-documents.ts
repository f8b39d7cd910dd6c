import { textOf, utf8 } from "../../bytes.ts";
import { eachBounded } from "../../concurrent.ts";
import { type Build, OverlaidFiles } from "../../generator/index.ts";
import {
  documentFile,
  findDocumentPlaces,
  readDevfileRoot,
  replaceScalar,
  rewriteYaml,
} from "../../generator/rewrite/index.ts";
import { FILE_CONCURRENCY } from "../../limits.ts";
import { digestOf } from "../../oci-client/index.ts";
import { DOCUMENTS, findPlaces, type InspectedFile } from "../discover/index.ts";
import { MovedFiles } from "./moved-files.ts";
import type { ImageNaming } from "./new-reference.ts";
import { rewriteDocument } from "./rewrite-document.ts";

/**
 * Renames images in documents that devfiles name by an address of the registry. The path of one
 * follows from its content, so it gets another one, and devfiles another address.
 *
 * @param build with its devfiles rewritten
 * @param shared one that several devfiles name counts as the first one has it
 */
export async function moveDocuments(
  build: Build,
  shared: readonly InspectedFile[],
  naming: ImageNaming,
): Promise<{ readonly build: Build; readonly changed: number }> {
  const contents = new Map<string, Uint8Array>();
  const moved = new Map<string, string>();
  let changed = 0;
  for (const file of new Map(shared.map((each) => [each.path, each])).values()) {
    const rewritten = rewriteDocument(file, naming);
    if (rewritten.changed === 0) continue;
    changed += rewritten.changed;
    const hex = digestOf(rewritten.bytes).slice("sha256:".length);
    const path = file.path.replace(/^documents\/[^/]+/, `${DOCUMENTS}/${hex}`);
    moved.set(file.path, path);
    contents.set(path, rewritten.bytes);
  }
  if (moved.size === 0) return { build, changed };
  const files = new MovedFiles(build.files, moved);
  const devfiles = await moveAddresses(build, moved);
  const overlaid = new OverlaidFiles(files, new Map([...contents, ...devfiles]));
  return { build: { ...build, files: overlaid, info: movedInfo(build, moved) }, changed };
}

async function moveAddresses(
  build: Build,
  moved: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const paths = (await findPlaces(build)).flatMap(({ folder, devfiles }) =>
    devfiles.map((name) => `${folder}/${name}`),
  );
  const changed = await eachBounded(paths, FILE_CONCURRENCY, async (path) => {
    const text = textOf(await build.files.read(path));
    // Most devfiles name none, and need not be parsed.
    if (!text.includes(`/${DOCUMENTS}/`)) return [];
    const edits = findDocumentPlaces(readDevfileRoot(path, text)).flatMap((place) => {
      const former = documentFile(place.text, undefined);
      const now = former === undefined ? undefined : moved.get(former);
      if (former === undefined || now === undefined) return [];
      return [replaceScalar(place.parts, `${place.text.slice(0, -former.length)}${now}`)];
    });
    return edits.length === 0 ? [] : [[path, utf8(rewriteYaml(text, edits))] as const];
  });
  return new Map(changed.flat());
}

function movedInfo({ info }: Build, moved: ReadonlyMap<string, string>): Build["info"] {
  if (info?.offline === undefined) return info;
  const documentFiles = Object.fromEntries(
    Object.entries(info.offline.documentFiles).map(([address, file]) => [
      address,
      moved.get(`${DOCUMENTS}/${file}`)?.slice(DOCUMENTS.length + 1) ?? file,
    ]),
  );
  return { ...info, offline: { ...info.offline, documentFiles } };
}
