import { nearWord } from "../near-word.ts";
import { knownKeys, missingKey, type SchemaError, unknownKey } from "./validators.ts";

/**
 * Gives the objections that are mistakes of their own. What makes up a wrong choice is told as one,
 * what schemaVersion says is looked at before, and what follows from a key that is spelled wrong
 * or stands for no choice is told with it. Of a value of the wrong type only that is said.
 */
export function eachMistake(errors: readonly SchemaError[]): readonly SchemaError[] {
  if (errors.length === 0) return errors;
  const own = errors.filter(
    ({ schemaPath, instancePath }) =>
      !schemaPath.includes("/oneOf/") && instancePath !== "/schemaVersion",
  );
  const unknown = own.filter(({ keyword }) => keyword === "additionalProperties");
  const odd = new Set(unknown.map(({ instancePath }) => instancePath));
  const meant = new Set(unknown.map(meantPointer));
  const mistyped = new Set(
    own.filter(({ keyword }) => keyword === "type").map(({ instancePath }) => instancePath),
  );
  return own.filter((error) => {
    const { keyword, instancePath, params } = error;
    if (keyword !== "type" && mistyped.has(instancePath)) return false;
    if (keyword === "required") return !meant.has(`${instancePath}/${missingKey(error)}`);
    return keyword !== "oneOf" || params["passingSchemas"] !== null || !odd.has(instancePath);
  });
}

/** Where the key would stand that was probably meant by one that is unknown. */
function meantPointer(error: SchemaError): string {
  return `${error.instancePath}/${nearWord(unknownKey(error), knownKeys(error))}`;
}
