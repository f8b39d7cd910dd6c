import { PLAIN_YAML_DEPTH } from "../../yaml-limits.ts";
import { readBlockScalar } from "./plain-block-scalar.ts";
import { giveUp, NotPlain, PlainCursor } from "./plain-cursor.ts";
import { readFlow, refuseEqualKeys } from "./plain-flow.ts";
import { readWord } from "./plain-word.ts";
import type { YamlList, YamlMap, YamlPair, YamlScalar, YamlTree } from "./tree.ts";

/** Characters that YAML treats in ways of its own, and line breaks that are none today. */
const ODD = /[^\t\n\r -~\u00a0-\u2027\u202a-\ufefe\uff00-\ufffd]|\r(?!\n)/;
/** No line is further to the right: a text does not go on. */
const ONE_LINE = Number.POSITIVE_INFINITY;
/** A mark of the start of the document, on a line of its own. */
const MARKED = /^---[ ]*\r?\n/;

/**
 * Reads a text that keeps to the plain part of YAML in which most devfiles are written, many times
 * faster than a parser of all of YAML; gives nothing where it is not sure. What it reads it reads as
 * the package `yaml` does, offsets included.
 */
export function readPlainYaml(text: string): YamlMap | undefined {
  if (ODD.test(text)) return undefined;
  try {
    return new PlainReader(text).read();
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

class PlainReader {
  readonly #cursor: PlainCursor;
  #depth = 0;

  constructor(text: string) {
    this.#cursor = new PlainCursor(text);
  }

  read(): YamlMap {
    const cursor = this.#cursor;
    cursor.toLine(MARKED.exec(cursor.text)?.[0].length ?? 0);
    if (cursor.column !== 0) giveUp();
    const root = this.#map(0, this.#key());
    if (!cursor.isDone) giveUp();
    return root;
  }

  /** Reads what begins on a line of its own, further to the right than a column. */
  #block(parentColumn: number): YamlTree {
    const { column, isItem } = this.#cursor;
    return isItem ? this.#list(column, false) : this.#inLine(parentColumn, column);
  }

  /** Reads the pairs of a map whose first key is behind us. */
  #map(column: number, first: YamlScalar): YamlMap {
    this.#enter();
    const cursor = this.#cursor;
    const pairs: YamlPair[] = [];
    for (let key = first; ; key = this.#key()) {
      pairs.push({ key: key.text, keyOffset: key.offset, value: this.#valueOfKey(column) });
      if (cursor.column < column) break;
      if (cursor.column > column || cursor.isItem) giveUp();
    }
    this.#depth -= 1;
    refuseEqualKeys(pairs);
    return { kind: "map", pairs, offset: first.offset };
  }

  #key(): YamlScalar {
    const key = readWord(this.#cursor, ONE_LINE);
    return this.#cursor.isBehindKey ? key : giveUp();
  }

  #valueOfKey(column: number): YamlTree {
    const cursor = this.#cursor;
    cursor.skipSpaces();
    if (!cursor.isAtRest) return this.#inLine(column);
    const empty = emptyAt(cursor.at);
    cursor.finishLine();
    if (cursor.column > column) return this.#block(column);
    return cursor.column === column && cursor.isItem ? this.#list(column, true) : empty;
  }

  /** Reads a list; one that is the value of a key may stand as far left as the key. */
  #list(column: number, isUnderKey: boolean): YamlList {
    this.#enter();
    const cursor = this.#cursor;
    const offset = cursor.at;
    const items: YamlTree[] = [];
    while (cursor.column === column && cursor.isItem) items.push(this.#item(column));
    if (cursor.column > column || (cursor.column === column && !isUnderKey)) giveUp();
    this.#depth -= 1;
    return { kind: "list", items, offset };
  }

  #item(column: number): YamlTree {
    const cursor = this.#cursor;
    cursor.at += 1;
    cursor.skipSpaces();
    if (cursor.isAtRest) {
      const empty = emptyAt(cursor.at);
      cursor.finishLine();
      return cursor.column > column ? this.#block(column) : empty;
    }
    if (!cursor.isItem) return this.#inLine(column, cursor.at - cursor.lineStart);
    cursor.column = cursor.at - cursor.lineStart;
    return this.#list(cursor.column, false);
  }

  /** Reads the rest of a line; a map may begin there if its column is given. */
  #inLine(parentColumn: number, column?: number): YamlTree {
    const cursor = this.#cursor;
    const first = cursor.text[cursor.at];
    if (first === "|" || first === ">") return readBlockScalar(cursor, parentColumn);
    const isFlow = first === "[" || first === "{";
    const value = isFlow ? readFlow(cursor, this.#depth) : readWord(cursor, parentColumn);
    if (!isFlow && cursor.isBehindKey) {
      return column === undefined || value.kind !== "scalar" ? giveUp() : this.#map(column, value);
    }
    cursor.finishLine();
    if (cursor.column > parentColumn) giveUp();
    return value;
  }

  #enter(): void {
    this.#depth += 1;
    if (this.#depth > PLAIN_YAML_DEPTH) giveUp();
  }
}

function emptyAt(offset: number): YamlScalar {
  return { kind: "scalar", text: "", value: null, offset, range: [offset, offset] };
}
