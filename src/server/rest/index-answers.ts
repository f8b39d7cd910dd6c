import { createHash } from "node:crypto";
import { type Build, formatIndex, type RegistryIndex } from "../../generator/index.ts";
import { ANSWER_CACHE_BYTES, FILTER_CACHE_ENTRIES } from "../../limits.ts";
import type { IndexQuery } from "../contract/index.ts";
import { BoundedCache, PLAIN_TEXT, Representation } from "../http/index.ts";
import { inlineIcons } from "../inline-icons.ts";
import { type Filtered, filterIndex } from "./filter.ts";
import { INDEX_TYPES, type IndexForm, type IndexType, ofType, viewIndex } from "./index-view.ts";
import { PrintedIndex } from "./printed-index.ts";

/** One answer to an index request. */
export interface IndexAnswer {
  readonly body: Representation;
  /** True when ranges or flags left no entry at all, which --strict-compat answers otherwise. */
  readonly emptiedByRange: boolean;
}

interface View {
  readonly entries: RegistryIndex;
  readonly printed: PrintedIndex;
  readonly answer: IndexAnswer;
}

/** Names the answer that leaves nothing out. */
const WHOLE = "whole";
const FORMS: readonly IndexForm[] = ["v1", "v2"];

/** Answers index requests of one generation: whole views made ahead, filtered ones kept for a while. */
export class IndexAnswers {
  readonly #build: Build;
  readonly #modified: Date;
  readonly #views = new Map<string, View>();
  /** Names of answers by query: whoever words a query otherwise gets the same bytes, held once. */
  readonly #names = new BoundedCache<string>(
    { name: "index", entries: FILTER_CACHE_ENTRIES, bytes: ANSWER_CACHE_BYTES },
    (name) => name.length,
  );
  readonly #filtered = new BoundedCache<IndexAnswer>(
    { name: "index-answers", entries: FILTER_CACHE_ENTRIES, bytes: ANSWER_CACHE_BYTES },
    (answer) => answer.body.parts.bytes.byteLength,
  );

  /** Makes all whole views in every encoding. */
  constructor(build: Build, modified: Date) {
    this.#build = build;
    this.#modified = modified;
    for (const form of FORMS) {
      const all = viewIndex(build.index, form, "all");
      const printed = new PrintedIndex(all);
      for (const type of INDEX_TYPES) {
        const entries = ofType(all, type);
        const bytes = type === "all" ? printed.bytes : printed.print(entries);
        const answer = this.#answer(bytes, false);
        answer.body.prepare();
        this.#views.set(`${form}/${type}`, { entries, printed, answer });
      }
    }
  }

  /** Gives the whole view. */
  whole(form: IndexForm, type: IndexType): IndexAnswer {
    return this.#view(form, type).answer;
  }

  /** Gives what of the view matches a query; equal queries share one answer. */
  async matching(form: IndexForm, type: IndexType, query: IndexQuery): Promise<IndexAnswer> {
    const parameters = JSON.stringify(query);
    if (parameters === "{}") return this.whole(form, type);
    const key = `${form}/${type}?${parameters}`;
    const view = this.#view(form, type);
    const name = this.#names.get(key);
    const known = name === WHOLE ? view.answer : this.#filtered.get(name ?? "");
    if (known !== undefined) return known;
    const filtered = filterIndex(view.entries, query);
    if (query.icon !== undefined) return this.#withIcons(key, filtered);
    // What leaves everything is the whole view, of which there are no copies.
    const chosen = isWhole(view, filtered) ? WHOLE : `${form}/${type}/${nameOf(view, filtered)}`;
    this.#names.set(key, chosen);
    if (chosen === WHOLE) return view.answer;
    return this.#filtered.get(chosen) ?? this.#choose(view, filtered, chosen);
  }

  #choose(view: View, { entries, emptiedByRange }: Filtered, chosen: string): IndexAnswer {
    // The index and the choice decide the answer, so that long answers need no hash of their own.
    const version = createHash("sha256").update(view.answer.body.hash).update(chosen).digest("hex");
    const answer = this.#answer(view.printed.print(entries), emptiedByRange, version);
    this.#filtered.set(chosen, answer);
    return answer;
  }

  /** Icons are no part of the index, so that these answers are told apart by their bytes. */
  async #withIcons(key: string, { entries, emptiedByRange }: Filtered): Promise<IndexAnswer> {
    const bytes = formatIndex(await inlineIcons(this.#build, entries));
    const answer = this.#answer(bytes, emptiedByRange);
    this.#filtered.set(key, answer);
    this.#names.set(key, key);
    return answer;
  }

  #view(form: IndexForm, type: IndexType): View {
    const view = this.#views.get(`${form}/${type}`);
    if (view === undefined) throw new Error(`No view ${form}/${type}`);
    return view;
  }

  #answer(bytes: Uint8Array, emptiedByRange: boolean, version?: string): IndexAnswer {
    const named = version === undefined ? {} : { version };
    const parts = { bytes, type: PLAIN_TEXT, modified: this.#modified, ...named };
    return { body: new Representation(parts), emptiedByRange };
  }
}

function isWhole(view: View, { entries, emptiedByRange }: Filtered): boolean {
  return (
    !emptiedByRange &&
    entries.length === view.entries.length &&
    entries.every((entry, at) => entry === view.entries[at])
  );
}

function nameOf({ printed }: View, { entries, emptiedByRange }: Filtered): string {
  return `${emptiedByRange}/${printed.nameOf(entries)}`;
}
