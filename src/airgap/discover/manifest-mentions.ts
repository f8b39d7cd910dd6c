import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { describeError } from "../../errors.ts";
import { FILE_FINDINGS, YAML_DEPTH } from "../../limits.ts";
import { FILE_IMAGES, MANIFEST_TEXTS } from "../../mirror-limits.ts";
import type { Mention } from "./mention.ts";
import { maskPlaceholders, unmaskPlaceholders } from "./placeholders.ts";
import { findPossibleImages, POSSIBLE_REASON } from "./possible-images.ts";
import { type ScalarWord, trimmedWord, WordRanges } from "./scalar-words.ts";

/** What a manifest says of images. */
export interface ManifestMentions {
  readonly mentions: readonly Mention[];
  /** Why it, or a part of it, was not looked into; UTF-16 units of the text. */
  readonly faults: readonly ManifestFault[];
}

/** Why something was not looked into, and where. */
export interface ManifestFault {
  readonly at: number;
  readonly message: string;
}

/** Where in a manifest somebody looks. */
interface Place {
  readonly pointer: string;
  readonly depth: number;
  /** The key that leads here. */
  readonly key: string;
  /** Below a key `data`, where texts may be YAML. */
  readonly inData: boolean;
}

const ROLE = "image in a manifest";
const DATA_KEYS: ReadonlySet<string> = new Set(["data", "stringData"]);

/**
 * Finds the images that Kubernetes objects name: the value of each key `image` and of the keys
 * given, images of volumes and of builds, also in YAML texts below `data`. What else looks like an
 * image is there as possible. A value shared by an anchor is found at its anchor.
 */
export function findManifestMentions(
  text: string,
  searchKeys: readonly string[] = [],
  nesting = 0,
): ManifestMentions {
  // A parser takes a byte order mark for a column of the first line.
  const mark = text.startsWith("\ufeff") ? 1 : 0;
  const documents = parsed(maskPlaceholders(text.slice(mark)));
  if (typeof documents === "string") {
    return { mentions: [], faults: [{ at: 0, message: documents }] };
  }
  const found = { mentions: [], faults: [] };
  for (const [index, document] of documents.entries()) {
    const source = { text, mark, document, searchKeys, nesting };
    new ManifestWalk(source, found).visitRoot(index === 0 ? "" : `document:${index + 1}`);
  }
  return found;
}

function parsed(text: string): readonly Document.Parsed[] | string {
  try {
    return parseAllDocuments(text, {
      version: "1.1",
      merge: true,
      uniqueKeys: false,
      stringKeys: true,
      prettyErrors: false,
      logLevel: "error",
    });
  } catch (error) {
    // Deep nesting exhausts the parser's stack.
    return describeError(error);
  }
}

/** One document, and how to look into it. */
interface ManifestSource {
  /** All documents, with the byte order mark. */
  readonly text: string;
  /** How much of the text was cut off before it was parsed. */
  readonly mark: number;
  readonly document: Document.Parsed;
  readonly searchKeys: readonly string[];
  /** How many texts it is inside of. */
  readonly nesting: number;
}

/** Collects the mentions of one document. */
class ManifestWalk {
  readonly #mentions: Mention[];
  readonly #faults: ManifestFault[];
  /** Scalars by anchor, as far as the document was walked. */
  readonly #anchors = new Map<string, Scalar>();
  readonly #source: ManifestSource;
  readonly #ranges: WordRanges;

  /** @param found what is found is added to it */
  constructor(source: ManifestSource, found: { mentions: Mention[]; faults: ManifestFault[] }) {
    this.#source = source;
    this.#ranges = new WordRanges(source.text, source.mark);
    this.#mentions = found.mentions;
    this.#faults = found.faults;
    const [error] = source.document.errors;
    if (error !== undefined) this.#fault(error.pos[0], `it is no YAML: ${error.message}`);
  }

  visitRoot(pointer: string): void {
    this.#visit(this.#source.document.contents, { pointer, depth: 0, key: "", inData: false });
  }

  #visit(node: unknown, place: Place): void {
    const { pointer, depth } = place;
    if (depth > YAML_DEPTH) {
      const at = isNode(node) ? node.range?.[0] : 0;
      this.#fault(at, `it is nested over ${YAML_DEPTH} levels deep`);
    } else if (isMap(node)) {
      for (const pair of node.items) this.#visitPair(pair, node, place);
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        this.#visit(item, { ...place, pointer: `${pointer}/${index}`, depth: depth + 1 });
      }
    } else {
      const scalar = isAlias(node) ? undefined : this.#scalarOf(node);
      if (scalar !== undefined) this.#visitText(scalar, place);
    }
  }

  #visitPair(pair: Pair, map: YAMLMap, place: Place): void {
    const key = unmaskPlaceholders(String(isScalar(pair.key) ? pair.key.value : pair.key));
    const below: Place = {
      pointer: `${place.pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
      depth: place.depth + 1,
      key,
      inData: place.inData || DATA_KEYS.has(key),
    };
    const scalar = this.#scalarOf(pair.value);
    if (scalar === undefined || !this.#namesImage(key, map, place)) {
      this.#visit(pair.value, below);
      return;
    }
    const word = trimmedWord(textOfScalar(scalar));
    if (word.from === word.to) return;
    this.#add(scalar, word, { pointer: below.pointer, kind: "kubernetes" });
  }

  /** An image volume has its image at `image.reference`, a build at `from.name`. */
  #namesImage(key: string, map: YAMLMap, above: Place): boolean {
    if (key === "image" || this.#source.searchKeys.includes(key)) return true;
    if (key === "reference") return above.key === "image";
    return key === "name" && map.get("kind") === "DockerImage";
  }

  #visitText(scalar: Scalar, { pointer, inData }: Place): void {
    if (typeof scalar.value !== "string") return;
    const value = textOfScalar(scalar);
    const inner = inData ? this.#textIn(value) : undefined;
    if (inner !== undefined) {
      for (const { start, end, ...mention } of inner.mentions) {
        const word = { value, from: start, to: end };
        const joined = `${pointer}${mention.pointer.replace(/^document:/, "/$&")}`;
        this.#push(scalar, word, { ...mention, pointer: joined });
      }
      return;
    }
    for (const { from, to } of findPossibleImages(value)) {
      this.#add(scalar, { value, from, to }, { pointer, kind: "possible" });
    }
  }

  #textIn(value: string): ManifestMentions | undefined {
    const { searchKeys, nesting } = this.#source;
    if (nesting >= MANIFEST_TEXTS || !/[\n{]/.test(value)) return undefined;
    if (!["image", ...searchKeys].some((key) => value.includes(key))) return undefined;
    const inner = findManifestMentions(value, searchKeys, nesting + 1);
    return inner.faults.length === 0 ? inner : undefined;
  }

  #add(scalar: Scalar, word: ScalarWord, more: Pick<Mention, "pointer" | "kind">): void {
    const text = word.value.slice(word.from, word.to);
    const ignored = more.kind === "possible" ? { ignored: POSSIBLE_REASON } : {};
    this.#push(scalar, word, { ...more, text, value: text, role: ROLE, ...ignored });
  }

  #push(scalar: Scalar, word: ScalarWord, mention: Omit<Mention, "start" | "end">): void {
    // One too many says that there are too many.
    if (this.#mentions.length > FILE_IMAGES) return;
    const [start, end] = this.#ranges.rangeOf(scalar.range, word);
    this.#mentions.push({ ...mention, start, end });
  }

  #fault(at: number | undefined, message: string): void {
    if (this.#faults.length >= FILE_FINDINGS) return;
    this.#faults.push({ at: (at ?? 0) + this.#source.mark, message });
  }

  #scalarOf(node: unknown): Scalar | undefined {
    if (isAlias(node)) return this.#anchors.get(node.source);
    if (!isScalar(node)) return undefined;
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    return node;
  }
}

function textOfScalar(scalar: Scalar): string {
  const { value, source } = scalar;
  return unmaskPlaceholders(typeof value === "string" ? value : (source ?? ""));
}
