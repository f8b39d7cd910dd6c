import { Composer, type CST, type Document, Parser } from "yaml";
import { invariant } from "../../assert.ts";
import { describeError } from "../../errors.ts";
import { FILE_FINDINGS } from "../../limits.ts";
import type { Complain } from "./complaint.ts";
import { convertTree } from "./full-tree.ts";
import { explainSyntaxError } from "./syntax-error.ts";
import type { YamlTree } from "./tree.ts";

/** A document that could be read; an empty one has no tree. */
export interface YamlDocument {
  readonly tree: YamlTree | undefined;
}

/**
 * Reads all of YAML with the scalars of YAML 1.1 and merge keys; of several documents the first.
 *
 * @returns nothing when an error was complained of
 */
export function readFullYaml(text: string, complain: Complain): YamlDocument | undefined {
  try {
    const { errors, contents } = firstDocument(text, complain);
    for (const error of errors) complain(explainSyntaxError(error, text));
    return errors.length > 0 ? undefined : convertTree(contents, complain);
  } catch (error) {
    // Deep nesting exhausts the parser's stack; any other failure of it is no less the file's.
    complain({ severity: "error", rule: "yaml-syntax", message: describeError(error) });
    return undefined;
  }
}

/** Composes the first document; what comes after it is told of by its place. */
function firstDocument(text: string, complain: Complain): Document.Parsed {
  const composer = new Composer({
    version: "1.1",
    merge: true,
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    logLevel: "error",
  });
  const tokens = untilHopeless(new Parser().parse(text));
  let first: Document.Parsed | undefined;
  for (const document of composer.compose(tokens, true, text.length)) {
    if (first !== undefined) {
      complain({
        severity: "warning",
        rule: "yaml-several-documents",
        message: "only the first document counts",
        offset: document.range[0],
      });
      break;
    }
    first = document;
  }
  invariant(first !== undefined, "a forced composer gives a document");
  return first;
}

/** Ends a file that is anything but YAML after so many errors; all of them would take for ever. */
function* untilHopeless(tokens: Iterable<CST.Token>): Generator<CST.Token> {
  let errors = 0;
  for (const token of tokens) {
    yield token;
    if (token.type === "error") errors += 1;
    if (errors > FILE_FINDINGS) return;
  }
}
