import { SLUG_CHARS } from "../../viewer-limits.ts";

/** Letters that are more than a plain one with a mark, and a sign that is a word. */
const SPELLED: Readonly<Record<string, string>> = {
  "&": " and ",
  ä: "ae",
  Ä: "Ae",
  ö: "oe",
  Ö: "Oe",
  ü: "ue",
  Ü: "Ue",
  ß: "ss",
  æ: "ae",
  Æ: "AE",
  ø: "o",
  Ø: "O",
  ł: "l",
  Ł: "L",
};

/**
 * Gives the part of an address that stands for a name: "Go Runtime" → "go-runtime". Empty for a
 * name without a letter or digit of the Latin alphabet.
 *
 * Parity: the slugs of today's viewer, whose library also knows other scripts; it takes
 * milliseconds a name, and other registries may name anything.
 */
export function slugOf(name: string): string {
  const plain = name
    .slice(0, SLUG_CHARS)
    .normalize("NFC")
    .replace(/[&äÄöÖüÜßæÆøØłŁ]/g, (sign) => SPELLED[sign] ?? sign)
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "");
  return splitWords(plain)
    .toLowerCase()
    .replace(/([a-z\d]+)'([ts])(?=\s|$)/g, "$1$2")
    .replace(/[^a-z\d]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** Puts a space where capitals begin or end a word: "JSONParser2" → "JSON Parser2". */
function splitWords(text: string): string {
  return text
    .replace(/([A-Z]{2,})(\d+)/g, "$1 $2")
    .replace(/([a-z\d]+)([A-Z]{2,})/g, "$1 $2")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-rt-z\d]+)/g, "$1 $2");
}
