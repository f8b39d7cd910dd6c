const NULLS = new Set(["", "~", "null", "Null", "NULL"]);
const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const INFINITE = /^([-+]?)\.(?:inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/;
const WHOLE = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Where the integers of Go end. */
const INT64_END = 2 ** 63;
/** How far apart doubles are below it. */
const INT64_STEP = 1024;

/**
 * Gives what unquoted text of a YAML file is in JSON. Dates and 1:30 are text there, other than in
 * YAML 1.1; infinity and not-a-number stay, which JSON cannot hold. Parity: resolve.go of yaml.v2,
 * which turns devfiles into JSON for their schema.
 */
export function jsonScalar(text: string): unknown {
  if (NULLS.has(text)) return null;
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  if (NOT_A_NUMBER.test(text)) return Number.NaN;
  const infinite = INFINITE.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity;
  return jsonNumber(text) ?? text;
}

function jsonNumber(text: string): number | undefined {
  // Underscores count nowhere, but only a sign or a digit begins a number that has them.
  const plain = /^[-+0-9]/.test(text) ? text.replaceAll("_", "") : text;
  const [, sign, digits] = WHOLE.exec(plain) ?? [];
  if (digits !== undefined) return wholeNumber(BigInt(withRadix(digits)), sign === "-");
  const number = FLOAT.test(plain) ? Number.parseFloat(plain) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** What is an int64, of which a double at 2^63 cannot tell, stays below that. */
function wholeNumber(exact: bigint, negative: boolean): number {
  const rounded = Number(exact);
  const fits = negative ? exact <= BigInt(INT64_END) : exact < BigInt(INT64_END);
  const number = rounded === INT64_END && fits ? INT64_END - INT64_STEP : rounded;
  return negative ? -number : number;
}

/** 0777 is octal. */
function withRadix(digits: string): string {
  return /^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits;
}
