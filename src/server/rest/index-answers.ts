import { createHash } from "node:crypto";
import { type Build, formatIndex, type RegistryIndex } from "../../generator/index.ts";
import { ANSWER_CACHE_BYTES, FILTER_CACHE_ENTRIES } from "../../limits.ts";
import type { IndexQuery } from "../contract/index.ts";
import { BoundedCache, PLAIN_TEXT, Representation } from "../http/index.ts";
import { inlineIcons } from "../inline-icons.ts";
import { filterIndex } from "./filter.ts";
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

const FORMS: readonly IndexForm[] = ["v1", "v2"];

/** Answers index requests of one generation: whole views made ahead, filtered ones kept for a while. */
export class IndexAnswers {
  readonly #build: Build;
  readonly #modified: Date;
  readonly #views = new Map<string, View>();
  readonly #filtered = new BoundedCache<IndexAnswer>(
    { name: "index", entries: FILTER_CACHE_ENTRIES, bytes: ANSWER_CACHE_BYTES },
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
    const known = this.#filtered.get(key);
    if (known !== undefined) return known;
    const answer = await this.#filter(this.#view(form, type), query, parameters);
    this.#filtered.set(key, answer);
    return answer;
  }

  async #filter(view: View, query: IndexQuery, parameters: string): Promise<IndexAnswer> {
    const { entries, emptiedByRange } = filterIndex(view.entries, query);
    if (query.icon !== undefined) {
      return this.#answer(formatIndex(await inlineIcons(this.#build, entries)), emptiedByRange);
    }
    // The view and the query decide the answer, so that long answers need no hash of their own.
    const version = createHash("sha256").update(`${view.answer.body.hash}?${parameters}`);
    return this.#answer(view.printed.print(entries), emptiedByRange, version.digest("hex"));
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
