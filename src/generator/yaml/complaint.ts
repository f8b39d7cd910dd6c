import type { Severity } from "../findings.ts";

/** One thing that is wrong with a YAML text, at an offset of it. */
export interface Complaint {
  readonly severity: Severity;
  readonly rule: string;
  readonly message: string;
  readonly offset?: number;
  /** Path inside the document. */
  readonly path?: string;
  readonly hint?: string;
}

/** Takes complaints while a text is read. */
export type Complain = (complaint: Complaint) => void;
