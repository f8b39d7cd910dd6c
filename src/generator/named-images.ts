import { textOf } from "../bytes.ts";
import { STACK_FILE_BYTES } from "../limits.ts";
import { isUntagged } from "../oci-client/index.ts";
import type { BuildFiles } from "./build.ts";
import type { Finding } from "./findings.ts";
import { contentFiles } from "./generate-build.ts";
import { pointerSteps } from "./json-pointer.ts";
import { MemoryBuildFiles } from "./memory-build.ts";
import type { PackagedStacks } from "./package-versions.ts";
import type { PublishableExtra } from "./publishable.ts";
import type { SampleVersion, StackVersion } from "./repository.ts";
import type { StackSource } from "./stack-source.ts";

/** An image that a file of a build names, as whoever searches builds for images finds it. */
export interface FoundImage {
  /** Path in the build. */
  readonly file: string;
  /** JSON pointer in a YAML document; anything else in other files. */
  readonly pointer: string;
  /** Bytes of the file that hold the name. */
  readonly range: readonly [start: number, end: number];
  /** As it is written. */
  readonly text: string;
  /** Full name, variables expanded: "docker.io/library/nginx:latest". */
  readonly image: string;
}

/** Finds the images that the files of a build name, as far as their names are known. */
export type FindImages = (files: BuildFiles) => Promise<readonly FoundImage[]>;

/** An image that a file of a registry repository names. */
export interface NamedImage extends Pick<FoundImage, "text" | "image"> {
  readonly at: Pick<Finding, "file" | "line" | "column" | "path">;
  /** Whether it has neither tag nor digest. */
  readonly isUntagged: boolean;
  /** The version of a stack or sample that the file belongs to. */
  readonly version: StackVersion | SampleVersion;
}

/** What of a source becomes part of a build. */
export interface ImageContent {
  readonly packaged: Pick<PackagedStacks, "stacks" | "files">;
  readonly extras: readonly PublishableExtra[];
}

/** Finds the images that the files of a source name, each with its place there. */
export async function findNamedImages(
  source: StackSource,
  { packaged: { stacks, files }, extras }: ImageContent,
  find: FindImages,
): Promise<readonly NamedImage[]> {
  const places = placesOf(stacks, extras);
  const found = await find(new MemoryBuildFiles(contentFiles({ stacks, files, extras })));
  const texts = new Map<string, Promise<string>>();
  const named: NamedImage[] = [];
  for (const { file, pointer, range, text, image } of found) {
    const place = places.find(({ folder }) => file.startsWith(`${folder}/`));
    if (place === undefined) continue;
    const { version, folder } = place;
    const path = `${version.folder}${file.slice(folder.length)}`;
    const reading = texts.get(path) ?? readText(source, version, path);
    texts.set(path, reading);
    const position = positionIn(await reading, range[0]);
    const inDocument = pointer.startsWith("/") ? { path: pathOf(pointer) } : {};
    const at = { file: path, ...position, ...inDocument };
    named.push({ at, text, image, isUntagged: isBare(text, image), version });
  }
  return named;
}

interface Place {
  /** In the build. */
  readonly folder: string;
  readonly version: StackVersion | SampleVersion;
}

/** Folders inside of others come first. */
function placesOf(
  stacks: ImageContent["packaged"]["stacks"],
  extras: readonly PublishableExtra[],
): Place[] {
  return [
    ...stacks.flatMap(({ versions }) =>
      versions.map(({ buildFolder, source }) => ({ folder: buildFolder, version: source })),
    ),
    ...extras.flatMap(({ samples }) =>
      samples.map((version) => ({ folder: version.folder, version })),
    ),
  ].sort((a, b) => b.folder.length - a.folder.length);
}

async function readText(
  source: StackSource,
  version: StackVersion | SampleVersion,
  path: string,
): Promise<string> {
  if (version.devfile?.path === path) return latin1(version.devfile.bytes);
  const files = "files" in version ? version.files : [];
  const bytes = files.find((file) => file.path === path)?.bytes;
  return latin1(bytes ?? (await source.read(path, STACK_FILE_BYTES)));
}

/** One character for each byte, so that ranges of bytes count. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function positionIn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(0, lineStart).split("\n").length;
  const before = textOf(Buffer.from(text.slice(lineStart, offset), "latin1"));
  return { line, column: before.replace(/^\ufeff/, "").length + 1 };
}

/** Writes a JSON pointer as findings have paths: "/components/0/image" → "components[0].image". */
function pathOf(pointer: string): string {
  return pointerSteps(pointer)
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

/** A variable may hold the tag, so a name that has none as it is written counts only without one. */
function isBare(text: string, image: string): boolean {
  return image.endsWith(":latest") && !text.includes("{{") && isUntagged(text);
}
