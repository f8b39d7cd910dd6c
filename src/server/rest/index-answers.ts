import { type Build, formatIndex, type RegistryIndex } from "../../generator/index.ts";
import { ANSWER_CACHE_BYTES, FILTER_CACHE_ENTRIES } from "../../limits.ts";
import type { IndexQuery } from "../contract/index.ts";
import { BoundedCache, PLAIN_TEXT, Representation } from "../http/index.ts";
import { inlineIcons } from "../inline-icons.ts";
import { filterIndex } from "./filter.ts";
import { INDEX_TYPES, type IndexForm, type IndexType, viewIndex } from "./index-view.ts";

/** One answer to an index request. */
export interface IndexAnswer {
  readonly body: Representation;
  /** True when ranges or flags left no entry at all, which --strict-compat answers otherwise. */
  readonly emptiedByRange: boolean;
}

interface View {
  readonly entries: RegistryIndex;
  readonly answer: IndexAnswer;
}

const FORMS: readonly IndexForm[] = ["v1", "v2"];

/** Answers index requests of one generation: whole views made ahead, filtered ones kept for a while. */
export class IndexAnswers {
  readonly #build: Build;
  readonly #modified: Date;
  readonly #views = new Map<string, View>();
  readonly #filtered = new BoundedCache<IndexAnswer>(
    { entries: FILTER_CACHE_ENTRIES, bytes: ANSWER_CACHE_BYTES },
    (answer) => answer.body.parts.bytes.byteLength,
  );

  /** Makes all whole views in every encoding. */
  constructor(build: Build, modified: Date) {
    this.#build = build;
    this.#modified = modified;
    for (const form of FORMS) {
      for (const type of INDEX_TYPES) {
        const entries = viewIndex(build.index, form, type);
        const answer = this.#answer(entries, false);
        answer.body.prepare();
        this.#views.set(`${form}/${type}`, { entries, answer });
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
    const { entries, emptiedByRange } = filterIndex(this.#view(form, type).entries, query);
    const shown = query.icon === undefined ? entries : await inlineIcons(this.#build, entries);
    const answer = this.#answer(shown, emptiedByRange);
    this.#filtered.set(key, answer);
    return answer;
  }

  #view(form: IndexForm, type: IndexType): View {
    const view = this.#views.get(`${form}/${type}`);
    if (view === undefined) throw new Error(`No view ${form}/${type}`);
    return view;
  }

  #answer(entries: RegistryIndex, emptiedByRange: boolean): IndexAnswer {
    const bytes = formatIndex(entries);
    const body = new Representation({ bytes, type: PLAIN_TEXT, modified: this.#modified });
    return { body, emptiedByRange };
  }
}
