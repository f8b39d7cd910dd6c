import { describeError } from "../../errors.ts";
import type { Complain } from "./complaint.ts";
import type { YamlPair, YamlTree } from "./tree.ts";

/** What devfiles are called, by whose name the library knows them too. */
const DEVFILE = /(?:^|\/)\.?devfile\.yaml$/;
/** Parity: unicode.IsSpace() of Go, which a byte order mark is not. */
const BRACE = /^[\t\n\v\f\r \u0085\u00a0]*\{/;
/** Strings of a text that is JSON, numbers and words, and what stands around them. */
const LEXEME = /"(?:[^"\\]|\\.)*"|[-+.\w]+|[[\]{}:,]/gs;

/** Tells whether the library reads a file as JSON: a devfile that begins with a brace. */
export function isReadAsJson(file: string, text: string): boolean {
  return DEVFILE.test(file) && BRACE.test(text);
}

/**
 * Reads a devfile that begins with a brace. Parity: YAMLToJSON() of content.go of devfile/library,
 * which takes that for JSON: maps in brackets as YAML has them are refused, escapes of JSON taken.
 *
 * @returns nothing when an error was complained of
 */
export function readJson(
  text: string,
  complain: Complain,
): { readonly tree: YamlTree } | undefined {
  try {
    JSON.parse(text);
    return { tree: new JsonTreeReader(text, complain).read() };
  } catch (error) {
    const isDeep = error instanceof RangeError;
    const why = isDeep ? "it is nested too deeply" : describeError(error);
    complain({
      severity: "error",
      rule: "yaml-syntax",
      message: `the file begins with { and is read as JSON, which it is not: ${why}`,
      hint: "Write it without the outer braces, or put all keys and texts in double quotes",
      offset: text.indexOf("{"),
    });
    return undefined;
  }
}

/** Reads what is known to be JSON, with the places of its values. */
class JsonTreeReader {
  readonly #complain: Complain;
  readonly #lexemes: RegExpExecArray[];
  #at = 0;

  constructor(text: string, complain: Complain) {
    this.#complain = complain;
    this.#lexemes = [...text.matchAll(LEXEME)];
  }

  read(): YamlTree {
    const { 0: lexeme, index: offset } = this.#next();
    if (lexeme === "{") return this.#map(offset);
    if (lexeme === "[") return this.#list(offset);
    const isText = lexeme.startsWith('"');
    const value: unknown = JSON.parse(lexeme);
    const text = isText ? String(value) : lexeme;
    return { kind: "scalar", text, value, offset, range: [offset, offset + lexeme.length] };
  }

  #map(offset: number): YamlTree {
    const pairs = new Map<string, YamlPair>();
    while (!this.#ends("}")) {
      const { 0: lexeme, index: keyOffset } = this.#next();
      const key = String(JSON.parse(lexeme));
      this.#next();
      if (pairs.has(key)) this.#warnOfEqual(keyOffset);
      pairs.set(key, { key, keyOffset, value: this.read() });
    }
    return { kind: "map", pairs: [...pairs.values()], offset };
  }

  #list(offset: number): YamlTree {
    const items: YamlTree[] = [];
    while (!this.#ends("]")) items.push(this.read());
    return { kind: "list", items, offset };
  }

  /** Tells whether a bracket ends here, and steps over it or over a comma. */
  #ends(bracket: string): boolean {
    const lexeme = this.#lexemes[this.#at]?.[0];
    if (lexeme === bracket || lexeme === ",") this.#at += 1;
    return lexeme === bracket;
  }

  #next(): RegExpExecArray {
    const lexeme = this.#lexemes[this.#at];
    if (lexeme === undefined) throw new Error("it ends too early");
    this.#at += 1;
    return lexeme;
  }

  #warnOfEqual(offset: number): void {
    this.#complain({
      severity: "warning",
      rule: "yaml-duplicate-key",
      message: "the key is there twice and the last one counts",
      hint: "Remove one of them",
      offset,
    });
  }
}
