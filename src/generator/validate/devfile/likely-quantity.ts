import { parseQuantity } from "./quantity.ts";

const WORDS = /^\s*([0-9]+(?:[.,][0-9]+)?)\s*([A-Za-z]+)\s*$/;
/** What people write for a unit, in lower case and without the B of bytes. */
const UNITS: Readonly<Record<string, string>> = {
  k: "k",
  m: "M",
  g: "G",
  t: "T",
  ki: "Ki",
  mi: "Mi",
  gi: "Gi",
  ti: "Ti",
  kilo: "k",
  mega: "M",
  giga: "G",
  tera: "T",
};
const BYTES = /(?:bytes?|b)$/;

/** Gives the quantity that was probably meant: "512Mi" for "512 MiB" and for "512mi". */
export function likelyQuantity(text: string): string | undefined {
  const [, number = "", word = ""] = WORDS.exec(text) ?? [];
  const unit = UNITS[word.toLowerCase().replace(BYTES, "")];
  const likely = unit === undefined ? undefined : `${number.replace(",", ".")}${unit}`;
  return likely !== undefined && parseQuantity(likely) !== undefined ? likely : undefined;
}
