import { DevregError } from "../../errors.ts";
import { detachAliases } from "./detach.ts";
import { formatYamlPath, replaceScalar, type ScalarEdit, type YamlEdit } from "./edit.ts";
import { splicesOf } from "./edit-splices.ts";
import { editShape, type Shape, sameShape, shapeOf } from "./shape.ts";
import { applySplices, overlaps, type Splice } from "./splice.ts";
import { parseYamlText, type YamlText } from "./yaml-text.ts";

/**
 * Replaces the text of scalars, and only their characters: quotes stay where they can hold the new
 * text, comments, line ends and everything else stay as they are. What an anchor shares with other
 * places keeps its value there. A scalar that has the text already is left alone, so that a second
 * run changes nothing.
 *
 * @throws {DevregError} INPUT_INVALID when the text is no YAML, a path leads to no scalar, or the
 *   result would say anything else than it should; LIMIT_EXCEEDED for what is too large to rewrite
 */
export function rewriteScalars(text: string, edits: readonly ScalarEdit[]): string {
  return rewriteYaml(
    text,
    edits.map(({ path, value }) => replaceScalar(path, value)),
  );
}

/**
 * Makes changes in a YAML text by putting new text in the place of as few characters as possible.
 * Paths mean the document as it is given. The result is read again: it says what the document said
 * but for the edits, or there is no result.
 *
 * @throws {DevregError} INPUT_INVALID when the text is no YAML, an edit does not suit its place, or
 *   the result would say anything else than it should; LIMIT_EXCEEDED for what is too large
 */
export function rewriteYaml(text: string, edits: readonly YamlEdit[]): string {
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const source = parseYamlText(text.slice(mark.length));
  let expected = shapeOf(source);
  const effective: YamlEdit[] = [];
  for (const edit of edits) {
    const after = editShape(expected, edit);
    if (!sameShape(after, expected)) effective.push(edit);
    expected = after;
  }
  if (effective.length === 0) return text;
  const result = applyAll(detachAliases(source, effective), effective);
  verify(result, expected, effective);
  return `${mark}${result.text}`;
}

/** Applies edits side by side; one that overlaps another waits until that one is made. */
function applyAll(source: YamlText, edits: readonly YamlEdit[]): YamlText {
  let current = source;
  let waiting = edits;
  while (waiting.length > 0) {
    const made: Splice[] = [];
    const later: YamlEdit[] = [];
    for (const edit of waiting) {
      const splices = splicesOf(current, edit);
      const clashes = splices.some((splice) => made.some((other) => overlaps(splice, other)));
      if (clashes || later.length > 0) later.push(edit);
      else made.push(...splices);
    }
    current = parseYamlText(applySplices(current.text, made));
    waiting = later;
  }
  return current;
}

function verify(result: YamlText, expected: Shape, edits: readonly YamlEdit[]): void {
  if (sameShape(shapeOf(result), expected)) return;
  const paths = edits.map(({ path }) => `"${formatYamlPath(path)}"`).join(", ");
  throw new DevregError(
    "INPUT_INVALID",
    `Cannot rewrite ${paths}: the result would say something else than it should`,
    { hint: "Write these values in the plain block style of YAML" },
  );
}
