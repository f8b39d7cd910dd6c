/** The versions of the devfile schema, oldest first. */
export const SCHEMA_VERSIONS = ["2.0.0", "2.1.0", "2.2.0", "2.2.1", "2.2.2", "2.3.0"] as const;

/** One of them. */
export type SchemaVersion = (typeof SCHEMA_VERSIONS)[number];

/** What a schema version may look like in full: 2.2.0, 2.2.0-alpha. */
const WHOLE =
  /^([2-9])\.([0-9]+)\.([0-9]+)(-[0-9a-z-]+(\.[0-9a-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/**
 * Gives the version whose schema counts for a devfile that says `text`; undefined for one that is
 * unknown. Parity: SetDevfileAPIVersion of devfile/library cuts at the first "-", then the schema
 * looks at the whole. It knows v1alpha2 too, which no schema lets pass.
 */
export function schemaVersionOf(text: string): SchemaVersion | undefined {
  const [release] = text.split("-");
  return WHOLE.test(text) ? SCHEMA_VERSIONS.find((version) => version === release) : undefined;
}
