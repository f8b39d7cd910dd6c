import type { Devfile } from "../devfile-yaml.ts";
import type { YamlNode } from "../yaml/index.ts";
import type { Rule } from "./rule.ts";

const SCHEMA_VERSIONS = ["2.0.0", "2.1.0", "2.2.0", "2.2.1", "2.2.2", "2.3.0"];
/** Also known to the Go library, as the name of its own newest API. */
const API_VERSION = "v1alpha2";
/** The fields of metadata that are text, alone or in a list. */
const METADATA_TEXT = [
  "name",
  "version",
  "displayName",
  "description",
  "icon",
  "globalMemoryLimit",
  "projectType",
  "language",
  "website",
  "provider",
  "supportUrl",
];
const METADATA_TEXTS = ["tags", "architectures"];

const schemaVersion: Rule<Devfile> = {
  name: "schema-version",
  *check({ node, schemaVersion: version }) {
    const at = node.get("schemaVersion").position();
    const hint = `Use one of ${SCHEMA_VERSIONS.join(", ")}`;
    if (version === "") yield { severity: "error", at, message: "schemaVersion is not set", hint };
    else if (!isKnown(version)) {
      yield { severity: "error", at, message: `the schema version "${version}" is unknown`, hint };
    }
  },
};

const metadataIsText: Rule<Devfile> = {
  name: "metadata-not-text",
  *check({ node, metadata, schemaVersion: version }) {
    const fields = [
      // Of one that is unknown in quotes too, the rule above says all there is to say.
      ...(isKnown(version) ? [node.get("schemaVersion")] : []),
      ...METADATA_TEXT.map((field) => metadata.get(field)),
      ...METADATA_TEXTS.flatMap((field) => listItems(metadata.get(field))),
    ];
    for (const field of fields.filter((each) => each.readsAsOtherThanText)) {
      const text = field.text() ?? "";
      yield {
        severity: "error",
        at: field.position(),
        message: `YAML does not read ${text} as text`,
        hint: `Quote it: "${text}"`,
      };
    }
  },
};

/** Rules for a devfile, of a stack or of a sample. */
export const devfileRules: readonly Rule<Devfile>[] = [schemaVersion, metadataIsText];

/** Parity: what follows the first "-" does not count: 2.2.0-alpha is 2.2.0. */
function isKnown(version: string): boolean {
  const [release = ""] = version.split("-");
  return release === API_VERSION || SCHEMA_VERSIONS.includes(release);
}

/** Gives the items of a list without reporting, once more, that something is none. */
function listItems(node: YamlNode): readonly YamlNode[] {
  return node.isList ? node.items() : [];
}
