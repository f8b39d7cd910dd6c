import { type Static, type TObject, type TString, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

const Text = Type.String();
const Flag = Type.Union([Type.Literal("true"), Type.Literal("false")]);
const Version = Type.String({ pattern: "^[0-9]+\\.[0-9]+(\\.[0-9]+)?$" });
const SchemaVersion = Type.String({ pattern: "^[2-9]\\.[0-9]+(\\.[0-9]+(-alpha)?)?$" });
const Day = Type.String({ pattern: "^\\d{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$" });
const Architecture = Type.Union(
  ["amd64", "arm64", "ppc64le", "s390x"].map((name) => Type.Literal(name)),
);

const FORM_HINTS: Readonly<Record<string, string>> = {
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

const SchemaRangeSchema = Type.Object({
  minSchemaVersion: Type.Optional(SchemaVersion),
  maxSchemaVersion: Type.Optional(SchemaVersion),
});

/** A parameter with a value that it cannot have. */
export interface ParameterFault {
  readonly parameter: string;
  readonly value: string;
  /** What a right value looks like. */
  readonly rule: string;
}

/** What came of reading a query. */
export type ParsedQuery<Query> =
  | { readonly query: Query; readonly fault?: undefined }
  | { readonly query?: undefined; readonly fault: ParameterFault };

/**
 * Reads the parameters of an index request. Unknown and empty ones are ignored; of a repeated
 * parameter that is no list the first counts. Keys come in the order of the schema, so that equal
 * queries print as equal JSON.
 */
export function parseIndexQuery(form: "v1" | "v2", query: string): ParsedQuery<IndexQuery> {
  return parseQuery(form === "v1" ? IndexQueryV1Schema : IndexQueryV2Schema, query);
}

/** Reads the schema versions that bound `latest`. */
export function parseSchemaRange(query: string): ParsedQuery<SchemaRange> {
  return parseQuery(SchemaRangeSchema, query);
}

function parseQuery<Schema extends TObject>(
  schema: Schema,
  query: string,
): ParsedQuery<Static<Schema>> {
  const parameters = new URLSearchParams(query);
  const found: Record<string, string | string[]> = {};
  for (const [name, field] of Object.entries(schema.properties)) {
    const values = parameters.getAll(name).filter((value) => value !== "");
    const [first] = values;
    if (first === undefined) continue;
    const isList = field["type"] === "array";
    const value = isList ? values : first;
    if (!Value.Check(field, value) || !isRealDay(field, first)) {
      return { fault: { parameter: name, value: values.join(","), rule: ruleOf(name) } };
    }
    found[name] = value;
  }
  return { query: found as Static<Schema> };
}

/** The pattern lets 31 February through; the calendar does not. */
function isRealDay(field: TObject["properties"][string], value: string): boolean {
  if (field["pattern"] !== (Day as TString).pattern) return true;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

function ruleOf(parameter: string): string {
  return FORM_HINTS[parameter] ?? "it should be a text";
}
