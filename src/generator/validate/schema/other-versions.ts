import { type SchemaError, schemaErrors, unknownKey } from "./validators.ts";
import { SCHEMA_VERSIONS, type SchemaVersion } from "./versions.ts";

/** What the other versions of the schema make of a devfile; looked at when there is need to. */
export class OtherVersions {
  readonly #value: unknown;
  readonly #unknown = new Map<SchemaVersion, ReadonlySet<string>>();

  constructor(value: unknown) {
    this.#value = value;
  }

  /** Gives the versions that know a key which the one that counts does not. */
  knowing(error: SchemaError): readonly SchemaVersion[] {
    if (error.keyword !== "additionalProperties") return [];
    const steps = pointerOf(error).split("/");
    // Whatever is below a key that is unknown is unknown as well.
    const pointers = steps.map((_, at) => steps.slice(0, at + 1).join("/"));
    return SCHEMA_VERSIONS.filter((version) => {
      const unknown = this.#unknownIn(version);
      return !pointers.some((pointer) => unknown.has(pointer));
    });
  }

  #unknownIn(version: SchemaVersion): ReadonlySet<string> {
    const known = this.#unknown.get(version);
    if (known !== undefined) return known;
    const errors = schemaErrors(version, this.#value);
    const unknown = errors.filter(({ keyword }) => keyword === "additionalProperties");
    const pointers = new Set(unknown.map(pointerOf));
    this.#unknown.set(version, pointers);
    return pointers;
  }
}

function pointerOf(error: SchemaError): string {
  return `${error.instancePath}/${unknownKey(error)}`;
}
