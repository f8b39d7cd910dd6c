import type { YamlNode } from "../../yaml/index.ts";
import type { Fault } from "./fault.ts";
import { jsonValue } from "./json-value.ts";
import { SCHEMA_VERSIONS, schemaVersionOf } from "./versions.ts";
import { shown } from "./words.ts";

/** Tells why it is not known which schema a devfile is to follow. */
export function versionFault(said: YamlNode): Fault | undefined {
  const message = objection(said);
  if (message === undefined) return undefined;
  const hint = `Use one of ${SCHEMA_VERSIONS.join(", ")}`;
  return { rule: "schema-version", node: said, message, hint };
}

function objection(said: YamlNode): string | undefined {
  const value = jsonValue(said);
  if (value === null || value === "") return "schemaVersion is not set";
  if (typeof value === "object") return "schemaVersion is not text";
  const text = said.text() ?? "";
  return schemaVersionOf(text) === undefined
    ? `the schema version "${shown(text)}" is unknown`
    : undefined;
}
