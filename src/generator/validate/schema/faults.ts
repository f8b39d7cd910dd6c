import { COMPARED_FAULTS } from "../../../check-limits.ts";
import { FILE_FINDINGS } from "../../../limits.ts";
import { pointerSteps } from "../../json-pointer.ts";
import type { YamlNode } from "../../yaml/index.ts";
import { explain } from "./explain.ts";
import type { Fault } from "./fault.ts";
import { followsSchema } from "./follows.ts";
import { jsonValue, unfitValues } from "./json-value.ts";
import { metadataFaults } from "./metadata-types.ts";
import { eachMistake } from "./mistakes.ts";
import { OtherVersions } from "./other-versions.ts";
import { schemaErrors } from "./validators.ts";
import type { SchemaVersion } from "./versions.ts";
import { labelOf } from "./words.ts";

/** The rules for values; where several object to the same one, the first counts. */
const OF_VALUES: readonly Fault["rule"][] = [
  "schema-number",
  "schema-type",
  "schema-enum",
  "schema-pattern",
  "schema-length",
];

/**
 * Gives all that the schema of a version does not allow in a devfile, each mistake once. What the
 * version itself says is left to who chose it.
 */
export function schemaFaults(root: YamlNode, version: SchemaVersion): readonly Fault[] {
  if (followsSchema(version, root.tree)) return onePerValue(metadataFaults(root.get("metadata")));
  let fits = true;
  const value = jsonValue(root, () => {
    fits = false;
  });
  const errors = eachMistake(schemaErrors(version, value));
  const unfit = fits ? [] : [...unfitValues(root)].map(explainUnfit);
  const others = new OtherVersions(value);
  const mistakes = errors.slice(0, FILE_FINDINGS).map((error) => {
    const path = pointerSteps(error.instancePath);
    const knowing = errors.length > COMPARED_FAULTS ? [] : others.knowing(error);
    return explain({ error, path, node: root.find(path), knowing });
  });
  const metadata = metadataFaults(root.get("metadata"));
  const more = errors.length > mistakes.length ? [tooMany(root)] : [];
  return onePerValue([...unfit, ...mistakes, ...metadata, ...more]);
}

/** Says that there is more, as whoever reads a file says it: a hostile one has no end of them. */
function tooMany(node: YamlNode): Fault {
  const message = `there are more than ${FILE_FINDINGS} errors; the rest is not shown`;
  return { rule: "too-many-findings", node, message };
}

function explainUnfit(node: YamlNode): Fault {
  const name = labelOf(node.path.split("."));
  const message = `${name} is ${node.text()}, which JSON has no word for`;
  return { rule: "schema-number", node, message, hint: `Quote it: "${node.text()}"` };
}

/** What is wrong with one value is one mistake: of its type nothing else counts, and so on. */
function onePerValue(faults: readonly Fault[]): readonly Fault[] {
  if (faults.length < 2) return faults;
  const first = new Map<string, Fault>();
  const byWeight = OF_VALUES.flatMap((rule) => faults.filter((fault) => fault.rule === rule));
  for (const fault of byWeight) {
    if (!first.has(fault.node.path)) first.set(fault.node.path, fault);
  }
  const counted = new Set(first.values());
  return faults.filter((fault) => counted.has(fault) || !OF_VALUES.includes(fault.rule));
}
