import MiniSearch from "minisearch";
import {
  SEARCH_TEXT_CHARS,
  SEARCH_WORDS,
  SEARCHED_TAGS,
  SEARCHED_TEXT_CHARS,
} from "../../api-limits.ts";
import type { IndexEntry, RegistryIndex } from "../../generator/index.ts";
import { Pace } from "../../turn.ts";
import { SEARCHED_IN_A_ROW } from "../../turn-limits.ts";
import { indexedWordsOf, wordsOf } from "./words.ts";

/** An entry that a search found. */
export interface SearchHit {
  readonly entry: IndexEntry;
  /** The higher the better; comparable within one search only. */
  readonly score: number;
}

/** Finds entries by text, the best first; equally good ones are in the order of the index. */
export type Search = (text: string) => Promise<readonly SearchHit[]>;

/** What is searched of an entry, and how much a word found there counts. */
const WEIGHTS = {
  name: 8,
  displayName: 6,
  tags: 3,
  projectType: 3,
  language: 3,
  provider: 1.5,
  description: 1,
} as const;

type Field = keyof typeof WEIGHTS;
type Document = Readonly<Record<Field, string>> & { readonly id: number };

/** The beginning of a word counts less than the word, and a word misspelt less than that. */
const NEARNESS = { prefix: 0.6, fuzzy: 0.3 };
/** How many times as much an entry counts that is called what was looked for. */
const NAMED = 2;
/** From this length on, in characters, one letter of a word may be wrong. */
const ONE_TYPO_FROM = 4;
/** From this length on two may be. */
const TWO_TYPOS_FROM = 6;

/** How words are looked for, one way after the other until something is found. */
const WAYS = [
  { combineWith: "AND", fuzzy: false },
  { combineWith: "AND", fuzzy: typosIn },
  { combineWith: "OR", fuzzy: typosIn },
] as const;

/** What is searched in more than one place has its words gathered once. */
const gathered = new WeakMap<RegistryIndex, Promise<MiniSearch<Document>>>();

/**
 * Makes the search over an index; words are gathered when it is first used, letting others have
 * their turn.
 *
 * What has every word of a text is found, words perhaps only begun; where nothing has, words
 * may have a letter wrong (two in longer ones); where that finds nothing either, some of the words
 * will do. A text without words finds nothing.
 */
export function createSearch(index: RegistryIndex): Search {
  return async (text) => {
    const words = wordsOf(text.slice(0, SEARCH_TEXT_CHARS)).slice(0, SEARCH_WORDS);
    if (words.length === 0) return [];
    const gathering = gathered.get(index) ?? gather(index);
    gathered.set(index, gathering);
    const search = await gathering;
    for (const way of WAYS) {
      const found = find(search, index, words, way);
      if (found.length > 0) return found;
    }
    return [];
  };
}

async function gather(index: RegistryIndex): Promise<MiniSearch<Document>> {
  const search = new MiniSearch<Document>({
    fields: Object.keys(WEIGHTS),
    tokenize: indexedWordsOf,
    processTerm: (word) => word,
  });
  const pace = new Pace(SEARCHED_IN_A_ROW);
  for (const [id, entry] of index.entries()) {
    const document = documentOf(entry, id);
    search.add(document);
    await pace.did(lengthOf(document));
  }
  return search;
}

function find(
  search: MiniSearch<Document>,
  index: RegistryIndex,
  words: readonly string[],
  way: (typeof WAYS)[number],
): readonly SearchHit[] {
  const found = search.search(words.join(" "), {
    tokenize: (text) => text.split(" "),
    boost: WEIGHTS,
    boostDocument: (id) => (isNamed(index[Number(id)], words) ? NAMED : 1),
    weights: NEARNESS,
    prefix: true,
    ...way,
  });
  return found
    .map(({ id, score }) => ({ id: Number(id), score }))
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .flatMap(({ id, score }) => {
      const entry = index[id];
      return entry === undefined ? [] : [{ entry, score }];
    });
}

/** Whoever types the whole name of something means it. */
function isNamed(entry: IndexEntry | undefined, words: readonly string[]): boolean {
  const text = words.join(" ");
  return [entry?.name, entry?.displayName].some((name) => wordsOf(name ?? "").join(" ") === text);
}

function typosIn({ length }: string): number | false {
  if (length < ONE_TYPO_FROM) return false;
  return length < TWO_TYPOS_FROM ? 1 : 2;
}

function documentOf(entry: IndexEntry, id: number): Document {
  const chosen = entry.versions?.find((version) => version.default === true);
  const tags = new Set([...(entry.tags ?? []), ...(chosen?.tags ?? [])]);
  return {
    id,
    name: bounded(entry.name),
    displayName: bounded(entry.displayName),
    tags: [...tags].slice(0, SEARCHED_TAGS).map(bounded).join(" "),
    projectType: bounded(entry.projectType),
    language: bounded(entry.language),
    provider: bounded(entry.provider),
    description: bounded(entry.description ?? chosen?.description),
  };
}

function lengthOf({ id: _id, ...texts }: Document): number {
  return Object.values(texts).reduce((sum, { length }) => sum + length, 0);
}

function bounded(text: string | undefined): string {
  return (text ?? "").slice(0, SEARCHED_TEXT_CHARS);
}
