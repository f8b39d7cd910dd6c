import type { YAMLMap } from "yaml";
import { IMPORTS } from "../../limits.ts";
import {
  type FetchableReference,
  type Flattening,
  flatten,
  formatReference,
  type ImportLevel,
  type ImportProblem,
} from "../parents/index.ts";
import type { ImportedContent } from "../validate/index.ts";
import type { YamlNode } from "../yaml/index.ts";
import type { PlacedDevfile } from "./devfile-files.ts";
import { type ImportReader, isRead } from "./devfile-reader.ts";
import { readAlone, readFlattened } from "./flattened-content.ts";
import { Origins } from "./sourced-tree.ts";

/** A problem, and the place in the devfile that it is about. */
export interface PlacedProblem {
  readonly problem: ImportProblem;
  readonly at: YamlNode;
}

/** What flattening a devfile gave. */
export interface FlattenedDevfile {
  readonly content: ImportedContent;
  readonly problems: readonly PlacedProblem[];
  /** What it imports itself and was found, with the place of the reference. */
  readonly references: readonly { readonly reference: FetchableReference; readonly at: YamlNode }[];
  /** References that were not followed because the network was not to be used. */
  readonly notAsked: readonly string[];
}

/** A devfile that others import, flattened once for all of them. */
interface SharedImport {
  readonly root: YAMLMap;
  /** How many devfiles it took. */
  readonly reads: number;
}

/** What is noted while one devfile is flattened. */
interface Notes {
  readonly problems: { readonly problem: ImportProblem; readonly node: YAMLMap }[];
  readonly notAsked: string[];
  reads: number;
}

/** Flattens devfiles; what several of them import is read and flattened once. */
export class DevfileFlattener {
  readonly #reader: ImportReader;
  readonly #origins = new Origins();
  readonly #shared = new Map<string, SharedImport>();

  constructor(reader: ImportReader) {
    this.#reader = reader;
  }

  /** Flattens one devfile; all that is wrong with what it imports is told. */
  async flatten({ devfile, path, filePath, read }: PlacedDevfile): Promise<FlattenedDevfile> {
    const root = this.#origins.treeOf(devfile.node);
    const base = this.#reader.addressOf(filePath, read);
    const notes: Notes = { problems: [], notAsked: [], reads: 0 };
    const references: FlattenedDevfile["references"][number][] = [];
    const main = this.#flattening(notes, (reference, node) => {
      const at = this.#placeOf(node, devfile.node);
      references.push({ reference, at });
      return {
        name: `${at.path.endsWith("plugin") ? "plugin" : "parent"} "${nameOf(reference)}"`,
        at,
      };
    });
    await flatten({ file: path, root, base, chain: [] }, main);
    const isWhole = notes.problems.length === 0 && notes.notAsked.length === 0;
    const whole = isWhole ? readFlattened(path, root, this.#origins) : undefined;
    return {
      content: whole ?? readAlone(devfile.node),
      problems: notes.problems.map(({ problem, node }) => ({
        problem,
        at: this.#placeOfProblem(problem, this.#placeOf(node, devfile.node)),
      })),
      references,
      notAsked: notes.notAsked,
    };
  }

  #placeOf(node: unknown, instead: YamlNode): YamlNode {
    return this.#origins.of(node)?.node ?? instead;
  }

  #placeOfProblem({ node, part }: ImportProblem, reference: YamlNode): YamlNode {
    if (node !== undefined) return this.#placeOf(node, reference);
    const keys = part === undefined ? ["uri", "id"] : [part];
    return keys.map((key) => reference.get(key)).find(({ present }) => present) ?? reference;
  }

  #flattening(
    notes: Notes,
    viaOf?: (reference: FetchableReference, node: YAMLMap) => Parameters<Origins["copy"]>[1],
  ): Flattening {
    const refuse = (node: YAMLMap, problem: ImportProblem) =>
      notes.problems.push({ problem, node });
    return {
      refuse: (_level, node, problem) => refuse(node, problem),
      open: async (reference, chain, from, node) => {
        notes.reads += 1;
        const name = formatReference(reference);
        const shared = this.#shared.get(name) ?? (await this.#open(reference, chain, notes, node));
        if (shared === undefined) return undefined;
        notes.reads += shared.reads;
        if (notes.reads > IMPORTS) refuse(node, tooMany(from));
        return this.#origins.copy(shared.root, viaOf?.(reference, node));
      },
    };
  }

  async #open(
    reference: FetchableReference,
    chain: readonly string[],
    notes: Notes,
    node: YAMLMap,
  ): Promise<SharedImport | undefined> {
    const found = await this.#reader.read(reference, writtenUri(node));
    if (found === "not-asked") notes.notAsked.push(nameOf(reference));
    else if (!isRead(found)) notes.problems.push({ problem: found, node });
    if (!isRead(found)) return undefined;
    const name = formatReference(reference);
    const root = this.#origins.treeOf(found.devfile.node);
    const own: Notes = { problems: [], notAsked: [], reads: notes.reads };
    await flatten(
      { file: nameOf(reference), root, base: found.base, chain },
      this.#flattening(own),
    );
    const shared = { root, reads: own.reads - notes.reads };
    if (own.problems.length === 0 && own.notAsked.length === 0) {
      this.#shared.set(name, shared);
      return shared;
    }
    // What is wrong in there is told at the reference that leads to it.
    notes.problems.push(...own.problems.slice(0, 1).map(({ problem }) => within(problem, node)));
    notes.notAsked.push(...own.notAsked);
    return undefined;
  }
}

function writtenUri(reference: YAMLMap): string | undefined {
  const uri = reference.get("uri");
  return typeof uri === "string" ? uri : undefined;
}

function within({ node: _, ...problem }: ImportProblem, node: YAMLMap): Notes["problems"][number] {
  return { problem, node };
}

function tooMany({ file }: ImportLevel): ImportProblem {
  return {
    rule: "parent-depth",
    code: "LIMIT_EXCEEDED",
    message: `Cannot resolve the parents of "${file}": over ${IMPORTS} parents and plugins`,
  };
}

/** Names a reference; that of a file by its path. */
export function nameOf(reference: FetchableReference): string {
  return withoutScheme(formatReference(reference));
}

/** Takes the scheme of our own out of what names files. */
export function withoutScheme(text: string): string {
  return text.replaceAll(/devreg-file:\/\/\d+\//g, "");
}
