import type { Finding } from "../../generator/index.ts";
import type { ImageOccurrence } from "../occurrence.ts";

/** Everything that names an image, and what is to be said of it. */
export interface Discovery {
  /** Sorted by file and range. */
  readonly occurrences: readonly ImageOccurrence[];
  /** Sorted; an error where a reference has no value, a warning where something was not looked into. */
  readonly findings: readonly Finding[];
}
