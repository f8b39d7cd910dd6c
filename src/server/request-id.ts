import { REQUEST_ID_CHARS } from "../limits.ts";
import type { AppDeps, ServerContext } from "./deps.ts";

/** The header that carries the id of a request. */
export const REQUEST_ID = "x-request-id";

const SANE = /^[\w.:-]+$/;

/**
 * Gives the id of a request: the client's if it is sane, else one made when it is first needed,
 * which is when something goes wrong.
 */
export function requestIdOf(deps: AppDeps, c: ServerContext): string {
  const known = c.get("requestId");
  if (known !== undefined) return known;
  const id = acceptId(c.req.raw.headers.get(REQUEST_ID)) ?? deps.requestId();
  c.set("requestId", id);
  return id;
}

function acceptId(text: string | null): string | undefined {
  return text !== null && text.length <= REQUEST_ID_CHARS && SANE.test(text) ? text : undefined;
}
