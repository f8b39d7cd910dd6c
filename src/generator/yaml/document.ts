import { Composer, type CST, type Document, LineCounter, Parser, type YAMLParseError } from "yaml";
import { invariant } from "../../assert.ts";
import { textOf, utf8 } from "../../bytes.ts";
import { describeError } from "../../errors.ts";
import { FILE_FINDINGS, YAML_BYTES } from "../../limits.ts";
import { boundFindings, type Finding, type ReportFinding, type Severity } from "../findings.ts";
import { checkTree } from "./check.ts";
import { YamlNode } from "./node.ts";

/** Positions count from 1; columns are UTF-16 units. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Parses a YAML file and gives its root, or nothing when it is broken; what is wrong is reported
 * with line and column. Reads YAML 1.1 scalars (yes, no, on, off, 0777) with merge keys. Parity:
 * of several documents the first counts and of equal keys the last, both with a warning.
 */
export function parseYaml(
  file: string,
  bytes: Uint8Array,
  reportAll: ReportFinding,
): YamlNode | undefined {
  const report = boundFindings(reportAll, FILE_FINDINGS);
  const add = (severity: Severity, rule: string, message: string, more: Partial<Finding> = {}) =>
    report({ severity, rule, file, message: `Cannot read "${file}": ${message}`, ...more });
  if (bytes.byteLength > YAML_BYTES) {
    add("error", "yaml-too-large", `${bytes.byteLength} bytes, over the limit of ${YAML_BYTES}`);
    return undefined;
  }
  const source = textOf(bytes);
  const invalid = invalidUtf8(bytes, source);
  if (invalid !== undefined) {
    add("error", "yaml-encoding", "not UTF-8", { ...invalid, hint: "Save the file as UTF-8" });
    return undefined;
  }
  return compose(file, source.startsWith("\ufeff") ? source.slice(1) : source, report, add);
}

function compose(
  file: string,
  text: string,
  report: ReportFinding,
  add: (severity: Severity, rule: string, message: string, more?: Partial<Finding>) => void,
): YamlNode | undefined {
  const lines = new LineCounter();
  try {
    const document = firstDocument(text, lines, (at) =>
      add("warning", "yaml-several-documents", "only the first document counts", at),
    );
    let broken = false;
    for (const error of document.errors) {
      broken = true;
      add("error", "yaml-syntax", plainMessage(error), positionOf(lines, error.pos[0]));
    }
    if (broken) return undefined;
    const root = new YamlNode({
      node: document.contents ?? undefined,
      path: "",
      scope: {
        file,
        document,
        targets: new Map(),
        pairs: new Map(),
        report,
        positionOf: (offset) => positionOf(lines, offset),
      },
    });
    // Every file that is read here is a map; an empty one is a map without keys.
    const isMap = !root.present || root.isMap;
    if (!isMap) root.entries();
    return isMap && checkTree(root) ? root : undefined;
  } catch (error) {
    // Deep nesting exhausts the parser's stack; any other failure of it is no less the file's.
    add("error", "yaml-syntax", describeError(error));
    return undefined;
  }
}

/** Composes the first document; what comes after it is told of by its place. */
function firstDocument(
  text: string,
  lines: LineCounter,
  several: (at: Position) => void,
): Document.Parsed {
  const composer = new Composer({
    version: "1.1",
    merge: true,
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    logLevel: "error",
    lineCounter: lines,
  });
  const tokens = untilHopeless(new Parser(lines.addNewLine).parse(text));
  let first: Document.Parsed | undefined;
  for (const document of composer.compose(tokens, true, text.length)) {
    if (first !== undefined) {
      several(positionOf(lines, document.range[0]));
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

function plainMessage(error: YAMLParseError): string {
  const [first = ""] = error.message.split("\n");
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}`;
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** Finds the first byte that is not UTF-8: where decoding and encoding again gives another one. */
function invalidUtf8(bytes: Uint8Array, text: string): Position | undefined {
  if (!text.includes("\ufffd")) return undefined;
  const again = utf8(text);
  let offset = 0;
  while (offset < bytes.byteLength && bytes[offset] === again[offset]) offset += 1;
  if (offset === bytes.byteLength) return undefined;
  const before = textOf(bytes.subarray(0, offset)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
