import { Composer, type CST, type Document, Parser } from "yaml";
import { invariant } from "../../assert.ts";
import { describeError } from "../../errors.ts";
import { FILE_FINDINGS } from "../../limits.ts";
import type { Complain, Complaint } from "./complaint.ts";
import { convertTree } from "./full-tree.ts";
import { findOutdented, parseOutdented } from "./outdented.ts";
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
    const { document, second, outdented } = readDocuments(text);
    if (second !== undefined) complain(severalDocuments(second));
    const { errors, contents } = document;
    for (const complaint of explainSyntaxErrors(errors, text)) complain(complaint);
    const read = errors.some(isFatal) ? undefined : convertTree(contents, text, complain);
    if (read !== undefined) for (const offset of outdented) complain(tooLittle(offset));
    return read;
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

interface Documents {
  readonly document: Document.Parsed;
  /** Where the second document begins. */
  readonly second: number | undefined;
  /** Lines that are indented too little. */
  readonly outdented: readonly number[];
}

/** Reads what Go reads: lines may be indented too little inside of quotes and brackets. */
function readDocuments(text: string): Documents {
  const read = compose(new Parser().parse(text), text);
  if (!read.document.errors.some(isFatal)) return read;
  const outdented = findOutdented(text);
  if (outdented === undefined) return read;
  const again = compose(parseOutdented(text, outdented.joined), text);
  return again.document.errors.some(isFatal) ? read : { ...again, outdented: outdented.offsets };
}

/** Composes the first document. */
function compose(tokens: Iterable<CST.Token>, text: string): Documents {
  const composer = new Composer({
    version: "1.1",
    merge: true,
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    logLevel: "error",
  });
  const documents = composer.compose(untilHopeless(tokens), true, text.length);
  const first = documents.next().value;
  invariant(first !== undefined, "a forced composer gives a document");
  return { document: first, second: documents.next().value?.range[0], outdented: [] };
}

function tooLittle(offset: number): Complaint {
  const message = "the line is indented too little for what goes on in it";
  const hint = "Indent it by more than the key it belongs to: other readers of YAML refuse it";
  return { severity: "warning", rule: "yaml-syntax", message, hint, offset };
}

function severalDocuments(offset: number): Complaint {
  return {
    severity: "warning",
    rule: "yaml-several-documents",
    message: "only the first document counts",
    hint: "Remove the --- and what follows, or make it a file of its own",
    offset,
  };
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
