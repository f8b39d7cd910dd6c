import type { Devfile } from "../../devfile-yaml.ts";
import type { Issue, Rule } from "../rule.ts";
import { type Fault, SCHEMA_RULES } from "./fault.ts";
import { schemaFaults } from "./faults.ts";
import { metadataFaults } from "./metadata-types.ts";
import { versionFault } from "./version-fault.ts";
import { schemaVersionOf } from "./versions.ts";

export { jsonScalarOf, jsonValue } from "./json-value.ts";

/** What each devfile was found to have; it is looked at once for all rules. */
const FOUND = new WeakMap<Devfile, readonly Fault[]>();

/**
 * Rules for the shape of a devfile, of a stack or of a sample: the official JSON Schema of its
 * schemaVersion. Parity: schema.go and versions.go of devfile/library, pkg/devfile/parser; what its
 * validator rejects is an error.
 */
export const schemaRules: readonly Rule<Devfile>[] = SCHEMA_RULES.map((name) => ({
  name,
  *check(devfile) {
    for (const fault of faultsOf(devfile)) if (fault.rule === name) yield issueOf(fault);
  },
}));

function faultsOf(devfile: Devfile): readonly Fault[] {
  const known = FOUND.get(devfile);
  if (known !== undefined) return known;
  const found = findFaults(devfile);
  FOUND.set(devfile, found);
  return found;
}

function findFaults({ node }: Devfile): readonly Fault[] {
  const said = node.get("schemaVersion");
  const fault = versionFault(said);
  if (fault !== undefined) return [fault, ...metadataFaults(node.get("metadata"))];
  const version = schemaVersionOf(said.text() ?? "");
  return version === undefined ? [] : schemaFaults(node, version);
}

function issueOf({ node, atKey, message, hint }: Fault): Issue {
  const at = atKey ? node.keyPosition() : node.position();
  return { severity: "error", at, message, ...(hint === undefined ? {} : { hint }) };
}
