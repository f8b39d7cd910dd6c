import { type Static, Type } from "@sinclair/typebox";
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

/** The parameters of GET /index: each text, flag or list narrows the answer. */
export const IndexQueryV1Schema = Type.Object({
  name: Type.Optional(Text),
  displayName: Type.Optional(Text),
  description: Type.Optional(Text),
  attributeNames: Type.Optional(Type.Array(Text)),
  tags: Type.Optional(Type.Array(Text)),
  arch: Type.Optional(Type.Array(Architecture)),
  icon: Type.Optional(Text),
  iconUri: Type.Optional(Text),
  projectType: Type.Optional(Text),
  language: Type.Optional(Text),
  deprecated: Type.Optional(Flag),
  resources: Type.Optional(Type.Array(Text)),
  starterProjects: Type.Optional(Type.Array(Text)),
  linkNames: Type.Optional(Type.Array(Text)),
  links: Type.Optional(Type.Array(Text)),
  gitRemoteNames: Type.Optional(Type.Array(Text)),
  gitRemotes: Type.Optional(Type.Array(Text)),
  gitUrl: Type.Optional(Text),
  gitRemoteName: Type.Optional(Text),
  gitSubDir: Type.Optional(Text),
  gitRevision: Type.Optional(Text),
  provider: Type.Optional(Text),
  supportUrl: Type.Optional(Text),
});

/** The parameters of GET /v2index: those of /index and ranges over versions. */
export const IndexQueryV2Schema = Type.Composite([
  IndexQueryV1Schema,
  Type.Object({
    minVersion: Type.Optional(Version),
    maxVersion: Type.Optional(Version),
    minSchemaVersion: Type.Optional(SchemaVersion),
    maxSchemaVersion: Type.Optional(SchemaVersion),
    default: Type.Optional(Flag),
    commandGroups: Type.Optional(Type.Array(Text)),
    deploymentScopes: Type.Optional(Type.Array(Text)),
    minLastModified: Type.Optional(Day),
    maxLastModified: Type.Optional(Day),
  }),
]);

/** Parameters of an index request that were found right. */
export type IndexQuery = Static<typeof IndexQueryV2Schema>;

/** The parameters that bound the schema version of `latest`. */
export type SchemaRange = Pick<IndexQuery, "minSchemaVersion" | "maxSchemaVersion">;

/** The parameters of a devfile request: they bound `latest`. */
export const SchemaRangeSchema = Type.Object({
  minSchemaVersion: Type.Optional(SchemaVersion),
  maxSchemaVersion: Type.Optional(SchemaVersion),
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
