import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { CALENDAR_DAY, type ParsedQuery, parseQuery } from "./parse-query.ts";

const Text = Type.String();
const Flag = Type.Union([Type.Literal("true"), Type.Literal("false")]);
const Version = Type.String({ pattern: "^[0-9]+\\.[0-9]+(\\.[0-9]+)?$" });
const SchemaVersion = Type.String({ pattern: "^[2-9]\\.[0-9]+(\\.[0-9]+(-alpha)?)?$" });
const Day = Type.String({ pattern: CALENDAR_DAY });
const Architecture = Type.Union(
  ["amd64", "arm64", "ppc64le", "s390x"].map((name) => Type.Literal(name)),
);

const RULES: Readonly<Record<string, string>> = {
  minVersion: "version format should be 'x.x' or 'x.x.x'",
  maxVersion: "version format should be 'x.x' or 'x.x.x'",
  minSchemaVersion: "version format should be '+2.x' or '+2.x.x'",
  maxSchemaVersion: "version format should be '+2.x' or '+2.x.x'",
  minLastModified: "format should be 'YYYY-MM-DD' and be a valid date",
  maxLastModified: "format should be 'YYYY-MM-DD' and be a valid date",
  deprecated: "it should be 'true' or 'false'",
  default: "it should be 'true' or 'false'",
  arch: "it should be one of amd64, arm64, ppc64le, s390x",
};

/** A list is given by repeating the parameter; every value must match. */
function listOf<Item extends TSchema>(item: Item, description: string) {
  return Type.Array(item, { description });
}

function described<Field extends TSchema>(field: Field, description: string): Field {
  return { ...field, description };
}

/** The parameters of GET /index: each text, flag or list narrows the answer. */
export const IndexQueryV1Schema = Type.Object({
  name: Type.Optional(described(Text, "Text that the name holds")),
  displayName: Type.Optional(described(Text, "Text that the display name holds")),
  description: Type.Optional(described(Text, "Text that the description holds")),
  attributeNames: Type.Optional(listOf(Text, "Text that the name of an attribute holds")),
  tags: Type.Optional(listOf(Text, "Text that a tag holds")),
  arch: Type.Optional(listOf(Architecture, "Architecture it runs on; what names none runs on all")),
  icon: Type.Optional(described(Text, "Only base64: icons come as data addresses")),
  iconUri: Type.Optional(described(Text, "Text that the address of the icon holds")),
  projectType: Type.Optional(described(Text, "Text that the project type holds")),
  language: Type.Optional(described(Text, "Text that the language holds")),
  deprecated: Type.Optional(described(Flag, "Only what has the tag Deprecated, or has it not")),
  resources: Type.Optional(listOf(Text, "Text that the name of a resource holds")),
  starterProjects: Type.Optional(listOf(Text, "Text that the name of a starter project holds")),
  linkNames: Type.Optional(listOf(Text, "Text that the name of a link holds")),
  links: Type.Optional(listOf(Text, "Text that the name of a link holds")),
  gitRemoteNames: Type.Optional(listOf(Text, "Text that the name of a git remote holds")),
  gitRemotes: Type.Optional(listOf(Text, "Text that the address of a git remote holds")),
  gitUrl: Type.Optional(described(Text, "Text that the git address holds")),
  gitRemoteName: Type.Optional(described(Text, "Text that the name of the git remote holds")),
  gitSubDir: Type.Optional(described(Text, "Text that the folder in git holds")),
  gitRevision: Type.Optional(described(Text, "Text that the git revision holds")),
  provider: Type.Optional(described(Text, "Text that the provider holds")),
  supportUrl: Type.Optional(described(Text, "Text that the support address holds")),
});

/** The parameters of GET /v2index: those of /index and ranges over versions. */
export const IndexQueryV2Schema = Type.Composite([
  IndexQueryV1Schema,
  Type.Object({
    minVersion: Type.Optional(described(Version, "Lowest version, itself included")),
    maxVersion: Type.Optional(described(Version, "Highest version, itself included")),
    minSchemaVersion: Type.Optional(
      described(SchemaVersion, "Lowest schema version, itself included"),
    ),
    maxSchemaVersion: Type.Optional(
      described(SchemaVersion, "Highest schema version, itself included"),
    ),
    default: Type.Optional(described(Flag, "Only default versions, or only the others")),
    commandGroups: Type.Optional(listOf(Text, "Text that the name of a command group holds")),
    deploymentScopes: Type.Optional(listOf(Text, "Text that the name of a deployment scope holds")),
    minLastModified: Type.Optional(described(Day, "First day, in UTC")),
    maxLastModified: Type.Optional(described(Day, "Last day, in UTC")),
  }),
]);

/** Parameters of an index request that were found right. */
export type IndexQuery = Static<typeof IndexQueryV2Schema>;

/** The parameters that bound the schema version of `latest`. */
export type SchemaRange = Pick<IndexQuery, "minSchemaVersion" | "maxSchemaVersion">;

/** The parameters of a devfile request: they bound `latest`. */
export const SchemaRangeSchema = Type.Object({
  minSchemaVersion: Type.Optional(
    described(SchemaVersion, "Lowest schema version, itself included"),
  ),
  maxSchemaVersion: Type.Optional(
    described(SchemaVersion, "Highest schema version, itself included"),
  ),
});

/**
 * Reads the parameters of an index request. Unknown and empty ones are ignored; of a repeated
 * parameter that is no list the first counts. Keys come in the order of the schema, so that equal
 * queries print as equal JSON.
 */
export function parseIndexQuery(form: "v1" | "v2", query: string): ParsedQuery<IndexQuery> {
  return parseQuery(form === "v1" ? IndexQueryV1Schema : IndexQueryV2Schema, query, RULES);
}

/** Reads the schema versions that bound `latest`. */
export function parseSchemaRange(query: string): ParsedQuery<SchemaRange> {
  return parseQuery(SchemaRangeSchema, query, RULES);
}
