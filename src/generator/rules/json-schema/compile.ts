import { SCHEMA_DEPTH, SCHEMA_ISSUES } from "../../../check-limits.ts";
import { nearWord } from "../../validate/index.ts";
import { APPLICATORS } from "./applicators.ts";
import { ASSERTIONS } from "./assertions.ts";
import {
  type Check,
  FITS,
  isObject,
  type Keyword,
  type SchemaMistake,
  type ValueIssue,
  type ValuePath,
} from "./check.ts";

export type { SchemaMistake } from "./check.ts";

/** Judges a value by a schema; at most so many issues, in the order of the schema. */
export type JudgeValue = (value: unknown) => readonly ValueIssue[];

/** A schema that can be used, or what is wrong with it. */
export interface CompiledSchema {
  readonly judge: JudgeValue;
  /** What keeps it from saying what its author means; it is not to be used when there are any. */
  readonly mistakes: readonly SchemaMistake[];
}

/** Say something to people only. */
const NOTES: readonly string[] = [
  ...["title", "description", "$comment", "default", "examples", "deprecated"],
  ...["readOnly", "writeOnly", "$schema", "$id", "$defs", "definitions"],
];
/** Mean something to the keyword beside them alone. */
const HELPERS: readonly string[] = ["then", "else", "minContains", "maxContains"];
const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  Object.entries({ ...ASSERTIONS, ...APPLICATORS }),
);

/**
 * Makes the judge of a JSON Schema from its parsed text. A keyword that it does not know is a
 * mistake, so that no part of a schema is without effect in silence; references stay in the schema.
 * Spec: JSON Schema 2020-12.
 */
export function compileSchema(schema: unknown): CompiledSchema {
  const compiler = new SchemaCompiler(schema);
  const check = compiler.compile(schema, []);
  return {
    judge: (value) => check(value, [], 0).slice(0, SCHEMA_ISSUES),
    // Keywords look at others beside them, and find the same mistake there.
    mistakes: [...new Map(compiler.mistakes.map((each) => [JSON.stringify(each), each])).values()],
  };
}

class SchemaCompiler {
  readonly mistakes: SchemaMistake[] = [];
  readonly #root: unknown;
  readonly #references = new Map<string, Check>();

  constructor(root: unknown) {
    this.#root = root;
  }

  compile(schema: unknown, path: ValuePath): Check {
    if (path.length > SCHEMA_DEPTH) return this.#fail(path, "is nested too deep", "Shorten it");
    if (schema === true) return () => FITS;
    if (schema === false) return (_value, at) => [{ path: at, message: "is not allowed" }];
    if (!isObject(schema)) {
      return this.#fail(path, "is no schema", "Write a map of keywords, true or false");
    }
    const checks = Object.entries(schema).flatMap(([name, argument]) => {
      const keyword = KEYWORDS.get(name);
      if (keyword === undefined) this.#unknown(name, [...path, name]);
      return keyword?.(argument, this.#context(schema, [...path, name])) ?? [];
    });
    return (value, at, depth) => {
      if (depth > SCHEMA_DEPTH) return [{ path: at, message: "is nested too deep to be judged" }];
      return checks.flatMap((check) => check(value, at, depth + 1));
    };
  }

  #context(siblings: Readonly<Record<string, unknown>>, path: ValuePath) {
    return {
      path,
      siblings,
      compile: (schema: unknown, below: ValuePath) => this.compile(schema, below),
      refer: (reference: string) => this.#refer(reference, path),
      fail: (message: string, hint: string, at: ValuePath = path) => {
        this.mistakes.push({ path: at, message, hint });
        return undefined;
      },
    };
  }

  /** Follows a reference when a value is judged, since schemas may refer to themselves. */
  #refer(reference: string, path: ValuePath): Check {
    const target = this.#find(reference);
    if (target === undefined) {
      const hint = 'Refer to a part of the same schema: "#/$defs/NAME"';
      return this.#fail(path, `leads nowhere: "${reference}"`, hint);
    }
    if (!this.#references.has(reference)) {
      this.#references.set(reference, () => FITS);
      this.#references.set(reference, this.compile(target.schema, target.path));
    }
    return (value, at, depth) => this.#references.get(reference)?.(value, at, depth) ?? FITS;
  }

  #find(reference: string): { readonly schema: unknown; readonly path: ValuePath } | undefined {
    if (reference !== "#" && !reference.startsWith("#/")) return undefined;
    const path = reference
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    let schema = this.#root;
    for (const part of path) {
      if (Array.isArray(schema)) schema = schema[Number(part)];
      else schema = isObject(schema) && Object.hasOwn(schema, part) ? schema[part] : undefined;
    }
    return schema === undefined ? undefined : { schema, path };
  }

  #unknown(name: string, path: ValuePath): void {
    if (NOTES.includes(name) || HELPERS.includes(name)) return;
    const known = [...KEYWORDS.keys(), ...HELPERS];
    const near = nearWord(name, known);
    const hint = near === undefined ? `Known here: ${known.join(", ")}` : `Did you mean "${near}"?`;
    this.mistakes.push({ path, message: "is no keyword that is known here", hint, ofKey: true });
  }

  #fail(path: ValuePath, message: string, hint: string): Check {
    this.mistakes.push({ path, message, hint });
    return () => FITS;
  }
}
