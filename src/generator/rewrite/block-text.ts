import type { YamlValue } from "./edit.ts";
import { scalarText } from "./scalar-text.ts";

/** How lines of a block begin and end. */
export interface BlockStyle {
  /** Columns before a key. */
  readonly column: number;
  /** Columns that each level adds. */
  readonly step: number;
  readonly eol: string;
}

/** Writes the entries of a map as lines; the first has no indentation and the last no line end. */
export function blockText(value: { readonly [key: string]: YamlValue }, style: BlockStyle): string {
  const start = `${style.eol}${" ".repeat(style.column)}`;
  return Object.entries(value)
    .map(([key, below]) => entryText(key, below, style))
    .join(start);
}

/** Writes one entry of a block map, the lines of a map below it included. */
export function entryText(key: string, value: YamlValue, style: BlockStyle): string {
  const name = scalarText(key);
  if (typeof value === "string") return `${name}: ${scalarText(value)}`;
  return `${name}:${belowText(value, style)}`;
}

/** Writes what follows the colon of a key whose value is a map. */
export function belowText(value: { readonly [key: string]: YamlValue }, style: BlockStyle): string {
  if (Object.keys(value).length === 0) return " {}";
  const column = style.column + style.step;
  return `${style.eol}${" ".repeat(column)}${blockText(value, { ...style, column })}`;
}
