import { Composer, type CST, type Document, Parser } from "yaml";
import { invariant } from "../../assert.ts";
import { describeError } from "../../errors.ts";
import { FILE_FINDINGS } from "../../limits.ts";
import type { Complain, Complaint } from "./complaint.ts";
import { convertTree } from "./full-tree.ts";
import { refusedDirective } from "./refused-by-go.ts";
import { explainSyntaxErrors, isFatal } from "./syntax-error.ts";
import type { YamlTree } from "./tree.ts";

/** Parity: readerc.go of yaml.v2, "control characters are not allowed". */
const FORBIDDEN = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

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
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden !== null) {
    complain(forbiddenCharacter(forbidden));
    return undefined;
  }
  try {
    const directive = refusedDirective(text);
    if (directive !== undefined) {
      complain(directive);
      return undefined;
    }
    const { errors, contents } = firstDocument(text, complain);
    for (const complaint of explainSyntaxErrors(errors, text)) complain(complaint);
    return errors.some(isFatal) ? undefined : convertTree(contents, text, complain);
  } catch (error) {
    // Deep nesting exhausts the parser's stack; any other failure of it is no less the file's.
    const isDeep = error instanceof RangeError;
    const message = isDeep ? "it is nested too deeply" : describeError(error);
    complain({ severity: "error", rule: "yaml-syntax", message, offset: 0 });
    return undefined;
  }
}

function forbiddenCharacter({ 0: character, index }: RegExpExecArray): Complaint {
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  return {
    severity: "error",
    rule: "yaml-character",
    message: `the character U+${code} is not allowed in YAML`,
    hint: "Remove it",
    offset: index,
  };
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
        hint: "Remove the --- and what follows, or make it a file of its own",
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
