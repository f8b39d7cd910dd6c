import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

/** An image, and who names it. */
export interface NamedImage {
  /** "go 2.0.0 docker/Dockerfile" */
  readonly from: string;
  /** As it is written, variables in their place. */
  readonly image: string;
}

/** A file that may name images. */
export interface NamingFile {
  readonly path: string;
  readonly text: string;
}

interface Component {
  container?: { image: string };
  image?: { imageName: string };
}

/**
 * Lists what has to be pulled to use a stack version: a reading of devfiles, Dockerfiles and
 * manifests of its own, simpler than the one that is tested. What the stack builds is no such thing.
 *
 * @param files the others of the stack version
 */
export function namedImages(
  from: string,
  devfile: string,
  files: readonly NamingFile[],
): NamedImage[] {
  const { variables = {}, components = [], parent = {} } = parse(devfile) ?? {};
  const all: Component[] = [...components, ...(parent.components ?? [])];
  const fill = (text: string) =>
    text.replace(/\{\{\s*([\w-]+)\s*\}\}/g, (whole, name: string) => variables[name] ?? whole);
  const built = new Set(all.flatMap(({ image }) => image?.imageName ?? []).map(fill));
  const named = all.flatMap(({ container }) => container?.image ?? []).map(fill);
  const others = files.flatMap(({ path, text }) =>
    imagesOfFile(path, text).map((image) => ({ from: `${from} ${path}`, image: fill(image) })),
  );
  const wanted = [...named.map((image) => ({ from, image })), ...others];
  return wanted.filter(({ image }) => !built.has(image) && !image.includes("{{"));
}

function imagesOfFile(path: string, text: string): string[] {
  if (/(docker|container)file/i.test(basename(path))) return imagesOfDockerfile(text);
  return /\.ya?ml$/.test(path)
    ? parseAllDocuments(text).flatMap((document) => imagesOfYaml(document.toJS()))
    : [];
}

function imagesOfDockerfile(text: string): string[] {
  const values = new Map(
    Array.from(text.matchAll(/^ARG (\w+)=(\S+)/gim), ([, name = "", value = ""]) => [name, value]),
  );
  const stages = new Set(
    Array.from(text.matchAll(/^FROM .* AS (\S+)/gim), ([, name = ""]) => name.toLowerCase()),
  );
  const froms = text.matchAll(/^FROM (?:--\S+ )*(\S+)|^COPY .*--from=(\S+)/gim);
  return Array.from(froms, ([, base, other]) => base ?? other ?? "")
    .map((image) => image.replace(/\$\{?(\w+)\}?/g, (whole, name) => values.get(name) ?? whole))
    .filter((image) => image !== "scratch" && !/^\d+$/.test(image))
    .filter((image) => !stages.has(image.toLowerCase()));
}

function imagesOfYaml(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) =>
    key === "image" && typeof below === "string" ? [below] : imagesOfYaml(below),
  );
}

/** Reads all files of an archive.tar. */
export function filesOfArchive(archive: Uint8Array): NamingFile[] {
  const folder = mkdtempSync(join(tmpdir(), "devreg-archive-"));
  try {
    const tar = Bun.spawnSync(["tar", "-xz", "-C", folder], { stdin: archive });
    if (!tar.success) throw new Error(`tar: ${tar.stderr}`);
    return filesOfFolder(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads all files of a folder. */
export function filesOfFolder(folder: string): NamingFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
}
