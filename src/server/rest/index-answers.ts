import { createHash } from "node:crypto";
import { JOINED_BODY_BYTES, LONG_CHUNK_BYTES } from "../../api-limits.ts";
import { concatBytes } from "../../bytes.ts";
import type { Build, RegistryIndex } from "../../generator/index.ts";
import { ANSWER_CACHE_BYTES, FILTER_CACHE_ENTRIES } from "../../limits.ts";
import type { IndexQuery } from "../contract/index.ts";
import { BoundedCache, PLAIN_TEXT, Representation } from "../http/index.ts";
import { InlineIcons } from "../inline-icons.ts";
import { type Filtered, filterIndex } from "./filter.ts";
import { IconChoice } from "./icon-choice.ts";
import type { IndexChoice } from "./index-choice.ts";
import { INDEX_TYPES, type IndexForm, type IndexType, ofType, viewIndex } from "./index-view.ts";
import type { LongBody } from "./long-body.ts";
import { LongForms } from "./long-forms.ts";
import { PrintedIndex } from "./printed-index.ts";

/** One answer to an index request. */
export interface IndexAnswer {
  /** Held whole where it is short, or asked for often. */
  readonly body: Representation | LongBody;
  /** True when ranges or flags left no entry at all, which --strict-compat answers otherwise. */
  readonly emptiedByRange: boolean;
}

interface View {
  readonly entries: RegistryIndex;
  readonly printed: PrintedIndex;
  /** Names the index of this form, whatever the kind of entries. */
  readonly index: string;
  /** Names the choice that leaves nothing out. */
  readonly name: string;
  readonly whole: Representation;
}

interface KeptAnswer extends IndexAnswer {
  readonly heldBytes: number;
}

/** Names the answer that leaves nothing out. */
const WHOLE = "whole";
const FORMS: readonly IndexForm[] = ["v1", "v2"];
/** What names all answers of a form is the hash of the one with everything. */
const ALL_FIRST: readonly IndexType[] = ["all", ...INDEX_TYPES.filter((type) => type !== "all")];
/** A short answer is held as bytes, as what is sent, and compressed. */
const HELD_TIMES = 3;

/** Answers index requests of one generation: whole views made ahead, filtered ones kept for a while. */
export class IndexAnswers {
  /** Compressed forms of long answers. */
  readonly forms = new LongForms();
  readonly #modified: Date;
  readonly #icons: InlineIcons;
  readonly #views: ReadonlyMap<string, View>;
  /** Names of answers by query: whoever words a query otherwise gets the same bytes, held once. */
  readonly #names = new BoundedCache<string>(
    { name: "index", entries: FILTER_CACHE_ENTRIES, bytes: ANSWER_CACHE_BYTES },
    (name) => name.length,
  );
  readonly #filtered = new BoundedCache<KeptAnswer>(
    { name: "index-answers", entries: FILTER_CACHE_ENTRIES, bytes: ANSWER_CACHE_BYTES },
    ({ heldBytes }) => heldBytes,
  );

  private constructor(build: Build, modified: Date, views: ReadonlyMap<string, View>) {
    this.#icons = new InlineIcons(build);
    this.#modified = modified;
    this.#views = views;
  }

  /** Makes all whole views in every encoding, letting others have their turn. */
  static async prepare(build: Build, modified: Date): Promise<IndexAnswers> {
    const views = new Map<string, View>();
    for (const form of FORMS) {
      const all = viewIndex(build.index, form, "all");
      const printed = await PrintedIndex.print(all);
      for (const type of ALL_FIRST) {
        const entries = ofType(all, type);
        const choice = printed.choose(entries);
        const bytes = type === "all" ? printed.bytes : concatBytes([...choice.pieces()]);
        const whole = new Representation({ bytes, type: PLAIN_TEXT, modified });
        await whole.prepare();
        const index = views.get(`${form}/all`)?.index ?? whole.hash;
        views.set(`${form}/${type}`, { entries, printed, index, name: choice.name, whole });
      }
    }
    return new IndexAnswers(build, modified, views);
  }

  /** Gives the whole view. */
  whole(form: IndexForm, type: IndexType): Representation {
    return this.#view(form, type).whole;
  }

  /** Gives what of the view matches a query; equal queries share one answer. */
  async matching(form: IndexForm, type: IndexType, query: IndexQuery): Promise<IndexAnswer> {
    const view = this.#view(form, type);
    const whole: IndexAnswer = { body: view.whole, emptiedByRange: false };
    const parameters = JSON.stringify(query);
    if (parameters === "{}") return whole;
    const key = `${form}/${type}?${parameters}`;
    const name = this.#names.get(key);
    const known = name === WHOLE ? whole : this.#filtered.get(name ?? "");
    if (known !== undefined) return known;
    const filtered = filterIndex(view.entries, query);
    if (query.icon !== undefined) return await this.#withIcons(key, view, filtered);
    const { emptiedByRange } = filtered;
    const choice = view.printed.choose(filtered.entries);
    // What leaves everything is the whole view, of which there are no copies.
    const isWhole = choice.name === view.name && !emptiedByRange;
    const chosen = isWhole ? WHOLE : `${form}/${emptiedByRange}/${choice.name}`;
    this.#names.set(key, chosen);
    if (isWhole) return whole;
    return this.#filtered.get(chosen) ?? (await this.#make(chosen, view, choice, emptiedByRange));
  }

  async #withIcons(
    key: string,
    view: View,
    { entries, emptiedByRange }: Filtered,
  ): Promise<IndexAnswer> {
    const choice = await IconChoice.of(view.printed, entries, this.#icons);
    this.#names.set(key, key);
    return await this.#make(key, view, choice, emptiedByRange);
  }

  async #make(
    name: string,
    { index }: View,
    choice: IndexChoice | IconChoice,
    emptiedByRange: boolean,
  ): Promise<IndexAnswer> {
    // The index and the choice decide the answer, so that no answer needs a hash of its own.
    const version = createHash("sha256").update(index).update(choice.name).digest("hex");
    const answer = { emptiedByRange, ...(await this.#body(choice, version)) };
    this.#filtered.set(name, answer);
    return answer;
  }

  async #body(choice: IndexChoice | IconChoice, version: string) {
    const { size, heldBytes } = choice;
    const modified = this.#modified;
    const long: LongBody = { size, version, modified, open: () => choice.pieces() };
    if (size > JOINED_BODY_BYTES) return { body: long, heldBytes };
    const pieces: Uint8Array[] = [];
    for await (const piece of choice.pieces()) pieces.push(piece);
    const bytes = concatBytes(pieces, size);
    if (size > LONG_CHUNK_BYTES) return { body: { ...long, bytes }, heldBytes: heldBytes + size };
    const body = new Representation({ bytes, type: PLAIN_TEXT, modified, version });
    return { body, heldBytes: HELD_TIMES * size };
  }

  #view(form: IndexForm, type: IndexType): View {
    const view = this.#views.get(`${form}/${type}`);
    if (view === undefined) throw new Error(`No view ${form}/${type}`);
    return view;
  }
}
