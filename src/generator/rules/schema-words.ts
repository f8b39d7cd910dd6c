import type { ErrorObject } from "ajv/dist/2020.js";
import { pointerSteps } from "../json-pointer.ts";

/** Keys and indexes that lead to a value. */
export type ValuePath = readonly (string | number)[];

/** What a schema objects to. */
export interface ValueIssue {
  /** Of a value that is missing, where it would be. */
  readonly path: ValuePath;
  /** Follows the name of the value: "is missing", "is a number where text is needed". */
  readonly message: string;
}

/** Keywords of which one form of several is to fit; what keeps each from it is not told. */
const CHOICES: readonly string[] = ["anyOf", "oneOf"];
const IN_CHOICE = /\/((anyOf|oneOf)\/\d+|contains)\//;
/** Only gather what others object to. */
const GATHERERS: readonly string[] = ["if", "propertyNames"];

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  null: "nothing",
};

/** Puts the objections of a validator in plain words, each once. */
export function valueIssues(errors: readonly ErrorObject[]): readonly ValueIssue[] {
  const chosen = errors.filter(({ keyword }) => CHOICES.includes(keyword));
  const issues = errors
    .filter((error) => !GATHERERS.includes(error.keyword) && !isOfChoice(error, chosen))
    .map(issueOf);
  return [...new Map(issues.map((each) => [JSON.stringify(each), each])).values()];
}

/** What a form that did not fit has against the value, also where the form is a reference. */
function isOfChoice(
  { instancePath, schemaPath, keyword }: ErrorObject,
  chosen: readonly ErrorObject[],
): boolean {
  if (IN_CHOICE.test(schemaPath)) return true;
  const isReferred = schemaPath.startsWith("#/$defs/") || schemaPath.startsWith("#/definitions/");
  if (!isReferred || CHOICES.includes(keyword)) return false;
  return chosen.some((choice) => instancePath.startsWith(choice.instancePath));
}

function issueOf(error: ErrorObject): ValueIssue {
  const { keyword, params, data } = error;
  const above = pointerSteps(error.instancePath);
  const path = error.propertyName === undefined ? above : [...above, error.propertyName];
  switch (keyword) {
    case "required":
    case "dependentRequired":
      return { path: [...path, params["missingProperty"]], message: "is missing" };
    case "additionalProperties":
      return { path: [...path, params["additionalProperty"]], message: "is not allowed" };
    case "unevaluatedProperties":
      return { path: [...path, params["unevaluatedProperty"]], message: "is not allowed" };
    case "false schema":
      return { path, message: "is not allowed" };
    case "type": {
      const wanted = [params["type"]].flat().map((type: string) => TYPES[type] ?? type);
      return { path, message: `is ${found(data)} where ${wanted.join(" or ")} is needed` };
    }
    case "enum":
      return { path, message: `is none of ${params["allowedValues"].map(written).join(", ")}` };
    case "const":
      return { path, message: `is not ${written(params["allowedValue"])}` };
    case "pattern":
      return { path, message: `does not match ${params["pattern"]}` };
    case "anyOf":
      return { path, message: NO_FORM };
    case "oneOf": {
      const several = params["passingSchemas"] !== null;
      return { path, message: several ? "fits several forms of which only one may fit" : NO_FORM };
    }
    case "not":
      return { path, message: "is what it must not be" };
    default:
      return { path, message: error.message ?? `does not keep to ${keyword}` };
  }
}

const NO_FORM = "fits none of the forms allowed";

function written(value: unknown): string {
  return JSON.stringify(value);
}

function found(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "true or false" : "a number";
}
