import { CONDITION_TAGS } from "../../limits.ts";

/** What a condition of a request is compared with. */
export interface Validators {
  /** A strong entity tag with its quotes. */
  readonly etag: string;
  readonly modified?: Date | undefined;
}

const WEAK_PREFIX = /^W\//;

/**
 * Tells whether the client has this representation already: If-None-Match if there is one (a list,
 * weak tags and `*` included), else If-Modified-Since. Spec: RFC 9110, 13.2.2.
 */
export function isNotModified(headers: Headers, validators: Validators): boolean {
  const tags = headers.get("if-none-match");
  if (tags !== null) return matchesTag(tags, validators.etag);
  const since = headers.get("if-modified-since");
  if (since === null || validators.modified === undefined) return false;
  const sinceMs = Date.parse(since);
  return !Number.isNaN(sinceMs) && toSeconds(validators.modified.getTime()) <= toSeconds(sinceMs);
}

/**
 * Tells whether a Range may be honoured: there is no If-Range, or it names this very
 * representation by strong tag or exact date. Spec: RFC 9110, 13.1.5.
 */
export function rangeApplies(headers: Headers, validators: Validators): boolean {
  const condition = headers.get("if-range");
  if (condition === null) return true;
  if (condition.startsWith('"')) return condition === validators.etag;
  const dateMs = Date.parse(condition);
  if (Number.isNaN(dateMs) || validators.modified === undefined) return false;
  return toSeconds(validators.modified.getTime()) === toSeconds(dateMs);
}

function matchesTag(list: string, etag: string): boolean {
  if (list.trim() === "*") return true;
  return list
    .split(",", CONDITION_TAGS)
    .some((tag) => tag.trim().replace(WEAK_PREFIX, "") === etag);
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
