import { isScalar, Schema } from "yaml";

/** The types of YAML 1.1 in the order in which the package `yaml` tries them. */
const TYPES = new Schema({ schema: "yaml-1.1" }).tags.filter(
  (tag) => tag.collection === undefined && tag.default === true && tag.test !== undefined,
);
/** Whatever is not text begins like a number or a date, or is nothing or a short word. */
const MAY_BE_OTHER = /^(?:[-+.0-9]|[~nNyYtToOfF].{0,4}$|$)/s;
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/;
const OCTAL = /^([-+]?)0o([0-7_]+)$/;

/**
 * Gives what YAML 1.1 reads unquoted text as. Parity: resolve.go of yaml.v2 takes `.` and `0x_` as
 * text, which the patterns of YAML 1.1 do not, and `0o17` as a number.
 */
export function scalarValue(text: string): unknown {
  if (!MAY_BE_OTHER.test(text)) return text;
  for (const type of TYPES) {
    if (type.collection !== undefined || !type.test?.test(text)) continue;
    const resolved = type.resolve(text, ignore, {});
    const value = isScalar(resolved) ? resolved.value : resolved;
    return Number.isNaN(value) && !NOT_A_NUMBER.test(text) ? text : value;
  }
  const [, sign = "", digits = ""] = OCTAL.exec(text) ?? [];
  const octal = Number.parseInt(`${sign}${digits.replaceAll("_", "")}`, 8);
  return Number.isNaN(octal) ? text : octal;
}

function ignore(): void {}
