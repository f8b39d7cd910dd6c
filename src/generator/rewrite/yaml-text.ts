import { type Document, parseDocument } from "yaml";
import { DevregError, describeError } from "../../errors.ts";
import { YAML_BYTES } from "../../limits.ts";
import { type AliasTargets, resolveAliases } from "./aliases.ts";

/** A YAML text with its nodes; every range in them counts UTF-16 units of the text. */
export interface YamlText {
  /** Without its byte order mark. */
  readonly text: string;
  readonly document: Document.Parsed;
  readonly targets: AliasTargets;
  /** The line end that new lines get. */
  readonly eol: "\n" | "\r\n";
}

/**
 * Parses text as the readers of this module do: YAML 1.1 scalars and merge keys, of several
 * documents the first, of equal keys the last.
 *
 * @throws {DevregError} INPUT_INVALID when it is not YAML; LIMIT_EXCEEDED over YAML_BYTES or
 *   YAML_DEPTH
 */
export function parseYamlText(text: string): YamlText {
  if (text.length > YAML_BYTES) {
    throw new DevregError(
      "LIMIT_EXCEEDED",
      `Cannot rewrite YAML: over the limit of ${YAML_BYTES} bytes`,
    );
  }
  const document = parsed(text);
  const error = document.errors.find(({ code }) => code !== "MULTIPLE_DOCS");
  if (error !== undefined) throw unreadable(error);
  const targets = resolveAliases(document);
  return { text, document, targets, eol: /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n" };
}

function parsed(text: string): Document.Parsed {
  try {
    return parseDocument(text, {
      version: "1.1",
      merge: true,
      uniqueKeys: false,
      stringKeys: true,
      prettyErrors: false,
      logLevel: "error",
      keepSourceTokens: true,
    });
  } catch (error) {
    // Deep nesting exhausts the parser's stack.
    throw unreadable(error);
  }
}

function unreadable(cause: unknown): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot rewrite YAML: ${describeError(cause)}`, {
    cause,
  });
}
