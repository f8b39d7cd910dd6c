import { parseDocument } from "yaml";
import { DevregError } from "../../errors.ts";
import type { DevfileTree } from "./devfile-tree.ts";

/**
 * Writes a merged devfile; the same nodes give the same bytes. Scalars keep their source text and,
 * where they can, their quotes.
 *
 * @throws {DevregError} INPUT_INVALID when the text would not say what the nodes say
 */
export function flattenedText(file: string, { document }: DevfileTree): string {
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  const again = parseDocument(text, { schema: "failsafe", stringKeys: true, logLevel: "error" });
  if (JSON.stringify(again.toJS()) === JSON.stringify(document.toJS())) return text;
  throw new DevregError(
    "INPUT_INVALID",
    `Cannot write "${file}" with its parents: the result would say something else`,
    { hint: "Write the devfile in the plain block style of YAML" },
  );
}
