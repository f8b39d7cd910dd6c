import type { TSchema } from "@sinclair/typebox";
import {
  GitSchema,
  IndexEntrySchema,
  IndexVersionSchema,
  RegistryIndexSchema,
} from "../../generator/index.ts";
import { ArtifactListingSchema, ArtifactSchema, ReferrerSchema } from "../artifacts/index.ts";
import {
  CatalogSchema,
  FaultSchema,
  InfoSchema,
  MessageSchema,
  OciErrorsSchema,
  ReadinessSchema,
  SearchAnswerSchema,
  SearchResultSchema,
  StatusSchema,
  TagsSchema,
  UpdateBodySchema,
  UpdateOutcomeSchema,
} from "../contract/index.ts";

/** The schemas that the document names. */
export const SCHEMAS = {
  RegistryIndex: RegistryIndexSchema,
  IndexEntry: IndexEntrySchema,
  IndexVersion: IndexVersionSchema,
  Git: GitSchema,
  SearchAnswer: SearchAnswerSchema,
  SearchResult: SearchResultSchema,
  Status: StatusSchema,
  Fault: FaultSchema,
  Message: MessageSchema,
  Readiness: ReadinessSchema,
  Info: InfoSchema,
  UpdateBody: UpdateBodySchema,
  UpdateOutcome: UpdateOutcomeSchema,
  OciErrors: OciErrorsSchema,
  Tags: TagsSchema,
  Catalog: CatalogSchema,
  ArtifactListing: ArtifactListingSchema,
  Artifact: ArtifactSchema,
  Referrer: ReferrerSchema,
} satisfies Readonly<Record<string, TSchema>>;

/** Name of one of {@link SCHEMAS}. */
export type SchemaName = keyof typeof SCHEMAS;

/** Gives the schemas as plain JSON in which each names the others where it holds them. */
export function namedSchemas(): Readonly<Record<string, unknown>> {
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(SCHEMAS)) names.set(JSON.stringify(schema), name);
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, schema]) => [name, inner(plainOf(schema), names)]),
  );
}

/** Gives a schema as plain JSON; what TypeBox adds for itself is left out. */
export function plainOf(schema: TSchema): unknown {
  return JSON.parse(JSON.stringify(schema));
}

function inner(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => named(each, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, named(each, names)]));
}

function named(value: unknown, names: ReadonlyMap<string, string>): unknown {
  const name = typeof value === "object" ? names.get(JSON.stringify(value)) : undefined;
  return name === undefined ? inner(value, names) : { $ref: `#/components/schemas/${name}` };
}
