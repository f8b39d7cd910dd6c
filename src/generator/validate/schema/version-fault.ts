import type { YamlNode } from "../../yaml/index.ts";
import type { Fault } from "./fault.ts";
import { jsonValue } from "./json-value.ts";
import { SCHEMA_VERSIONS, schemaVersionOf } from "./versions.ts";
import { shown } from "./words.ts";

/** Tells why it is not known which schema a devfile is to follow. */
export function versionFault(said: YamlNode): Fault | undefined {
  const hint = `Use one of ${SCHEMA_VERSIONS.join(", ")}`;
  const fault = (message: string, todo = hint): Fault => ({
    rule: "schema-version",
    node: said,
    message,
    hint: todo,
  });
  const value = jsonValue(said);
  if (value === null || value === "") return fault("schemaVersion is not set");
  if (typeof value === "object") return fault("schemaVersion is not text");
  const text = said.text() ?? "";
  if (schemaVersionOf(text) === undefined)
    return fault(`the schema version "${shown(text)}" is unknown`);
  return undefined;
}
