/** Go's zero time, printed where a date is not known. */
export const ZERO_TIME = "0001-01-01T00:00:00Z";

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?(?:Z|([+-])(\d\d):(\d\d))$/;

/** An RFC 3339 date with its offset. */
export interface GoTime {
  /** As Go prints it: an offset of zero is "Z", the fraction has no trailing zeros. */
  readonly text: string;
  /** The instant in milliseconds since 1970, with its fraction. */
  readonly instantMs: number;
}

/** Parses an RFC 3339 date as Go's encoding/json does; undefined when it is none. */
export function parseGoTime(text: string): GoTime | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [, , , , , , , fraction = "", sign = "+", offsetHour = "00", offsetMinute = "00"] = match;
  const offset = Number(offsetHour) * 60 + Number(offsetMinute);
  if (hour > 23 || minute > 59 || second > 59 || !isDay(year, month, day)) return undefined;
  if (Number(offsetHour) > 24 || Number(offsetMinute) > 59) return undefined;
  const digits = fraction.replace(/0+$/, "");
  const zone = offset === 0 ? "Z" : `${sign}${offsetHour}:${offsetMinute}`;
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  utc.setUTCHours(hour, minute - (sign === "-" ? -offset : offset), second);
  return {
    text: `${text.slice(0, 19)}${digits === "" ? "" : `.${digits}`}${zone}`,
    instantMs: utc.getTime() + Number(`0.${digits || 0}`) * 1000,
  };
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && day > 0;
}
