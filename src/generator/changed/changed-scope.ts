import { posix } from "node:path";
import { type ImportReference, referenceOf } from "../parents/index.ts";
import type { Extra, Repository, Stack } from "../repository.ts";
import type { YamlNode } from "../yaml/index.ts";
import type { ChangedFiles } from "./changed-files.ts";

/** The part of a registry repository that is looked at because it changed. */
export interface ChangedScope {
  /** The commit that it is compared with. */
  readonly commit: string;
  /** All of it, which what is looked at may refer to. */
  readonly whole: Repository;
  /** The repository as if it had nothing else. */
  readonly repository: Repository;
  /** Whether what is said of a file of the repository is about something looked at. */
  isOf(place: { readonly file: string; readonly path?: string }): boolean;
}

/** Concern all of a repository. */
const OF_ALL = ["devreg.rules.yaml"];
const OF_EXTRAS = "extraDevfileEntries.yaml";

/**
 * Chooses what is looked at of registry repositories that make one registry: every stack and sample
 * with a file that changed, every one whose parent or plugin, or that one's, is or was among them,
 * and every one of the same name. A parent counts whatever registry it is named at, and what imports
 * a file that is no devfile of a stack or sample is always looked at: too much rather than too little.
 *
 * @param repositories with what changed in each
 */
export function chooseChanged(
  repositories: readonly (readonly [Repository, ChangedFiles])[],
): readonly ChangedScope[] {
  const units = repositories.flatMap(([repository, { paths }]) => unitsOf(repository, paths));
  const names = new Set(
    repositories.flatMap(([repository, { paths, formerNames }]) => [
      ...goneOf(repository, paths),
      ...formerNames,
    ]),
  );
  const chosen = new Set<Unit>();
  let before: number;
  do {
    before = chosen.size;
    for (const unit of units) {
      const isMeant =
        unit.changed || [...unit.names, ...unit.imports].some((each) => names.has(each));
      if (chosen.has(unit) || !isMeant) continue;
      chosen.add(unit);
      for (const name of unit.names) names.add(name);
    }
  } while (chosen.size > before);
  const items = new Set([...chosen].map(({ item }) => item));
  return repositories.map(([repository, changes]) => scopeOf(repository, changes, items));
}

/** A stack or sample, which is looked at whole or not at all. */
interface Unit {
  readonly item: Stack | Extra;
  /** Names and folders by which others import it. */
  readonly names: readonly string[];
  /** Names and folders that it imports. */
  readonly imports: readonly string[];
  readonly changed: boolean;
}

function unitsOf({ stacks, extras }: Repository, paths: ReadonlySet<string>): Unit[] {
  const all = OF_ALL.some((name) => paths.has(name));
  const places: readonly Place[] = [
    ...stacks.flatMap(({ versions }) => versions),
    ...extras.flatMap(({ samples }) => samples),
  ];
  const devfiles = new Set(places.flatMap(({ devfile }) => devfile?.path ?? []));
  return [
    ...stacks.map((stack): Unit => {
      const { path, folder, stackYaml, versions } = stack;
      const declared = stackYaml?.contents?.fields.name;
      const own = versions.map(({ devfile }) => devfile?.contents?.fields.name);
      return {
        item: stack,
        names: [path, folder, ...[declared, ...own].flatMap((name) => name ?? [])],
        imports: importsOf(versions),
        changed: all || hasBelow(paths, path) || importsOther(versions, devfiles),
      };
    }),
    ...extras.map((extra): Unit => {
      const { name = "" } = extra.entry.fields;
      const changed =
        all ||
        paths.has(OF_EXTRAS) ||
        hasBelow(paths, `samples/${name}`) ||
        importsOther(extra.samples, devfiles);
      const names = [name, `samples/${name}`];
      return { item: extra, names, imports: importsOf(extra.samples), changed };
    }),
  ];
}

/** Gives the names of stacks and samples that are not there any more. */
function goneOf({ stacks, extras }: Repository, paths: ReadonlySet<string>): string[] {
  const there = new Set([
    ...stacks.map(({ path }) => path),
    ...extras.map(({ entry }) => `samples/${entry.fields.name}`),
  ]);
  const folders = [...paths].map((path) => path.split("/").slice(0, 2));
  return folders.flatMap(([top = "", name]) =>
    name === undefined || there.has(`${top}/${name}`) ? [] : [name, `${top}/${name}`],
  );
}

function hasBelow(paths: ReadonlySet<string>, folder: string): boolean {
  for (const path of paths) if (path === folder || path.startsWith(`${folder}/`)) return true;
  return false;
}

type Place = Stack["versions"][number] | Extra["samples"][number];

function importsOf(places: readonly Place[]): string[] {
  return places.flatMap((place) =>
    referencesIn(place).flatMap((reference) => namesMeant(reference, place.folder)),
  );
}

/** Tells whether a file is imported that may change, or import more, without being looked at. */
function importsOther(places: readonly Place[], devfiles: ReadonlySet<string>): boolean {
  return places.some((place) =>
    referencesIn(place).some((reference) => {
      const file = fileMeant(reference, place.folder);
      return file !== undefined && !devfiles.has(file);
    }),
  );
}

function referencesIn({ devfile }: Place): readonly ImportReference[] {
  return devfile?.contents?.imports === true ? referencesOf(devfile.contents.node) : [];
}

function referencesOf(root: YamlNode): ImportReference[] {
  const parent = root.get("parent");
  const components = [root, parent].flatMap((holder) => itemsOf(holder.get("components")));
  const holders = [parent, ...components.map((component) => component.get("plugin"))];
  return holders.flatMap((holder) => {
    const textOf = (key: string) => quietText(holder.get(key));
    const kubernetes = holder.get("kubernetes");
    const resource = { name: quietText(kubernetes.get("name")), namespace: undefined };
    return referenceOf(textOf, resource) ?? [];
  });
}

/** Gives the id that is imported, or the folder that a relative address leads into. */
function namesMeant(reference: ImportReference, folder: string): string[] {
  if (reference.kind === "kubernetes") return [];
  if (reference.kind === "registry") return [reference.id];
  const { uri } = reference;
  const file = fileMeant(reference, folder);
  if (file !== undefined) return [file.split("/").slice(0, 2).join("/")];
  const [, id] = /\/devfiles\/([^/?#]+)/.exec(uri) ?? [];
  return id === undefined ? [] : [id];
}

/** Gives the path of the file that is imported by a relative address. */
function fileMeant(reference: ImportReference, folder: string): string | undefined {
  if (reference.kind !== "uri" || /^[a-z][a-z0-9+.-]*:/i.test(reference.uri)) return undefined;
  return posix.join(folder, reference.uri.replace(/[?#].*/s, ""));
}

/** What is wrong with a value was reported when it was read, or is a rule's business. */
function quietText(node: YamlNode): string | undefined {
  return node.isList || node.isMap ? undefined : node.text();
}

function itemsOf(node: YamlNode): readonly YamlNode[] {
  return node.isList ? node.items() : [];
}

function scopeOf(
  whole: Repository,
  { commit, paths }: ChangedFiles,
  items: ReadonlySet<Stack | Extra>,
): ChangedScope {
  const stacks = whole.stacks.filter((stack) => items.has(stack));
  const extras = whole.extras.filter((extra) => items.has(extra));
  const folders = [
    ...stacks.map(({ path }) => path),
    ...extras.map(({ entry }) => `samples/${entry.fields.name}`),
  ];
  const entries = extras.map(({ entry }) => entry.node.path);
  const isBelow = (text: string, above: string, ends: string) =>
    text === above || (text.startsWith(above) && ends.includes(text.charAt(above.length)));
  return {
    commit,
    whole,
    repository: { ...whole, stacks, extras },
    isOf: ({ file, path = "" }) =>
      paths.has(file) ||
      file === "stacks" ||
      folders.some((folder) => isBelow(file, folder, "/")) ||
      (file === OF_EXTRAS && entries.some((entry) => isBelow(path, entry, ".["))),
  };
}
