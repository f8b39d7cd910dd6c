import { REQUEST_ID_CHARS } from "../limits.ts";
import type { AppDeps } from "./deps.ts";

/** The header that carries the id of a request. */
export const REQUEST_ID = "x-request-id";

const SANE = /^[\w.:-]+$/;
const ids = new WeakMap<Request, string>();

/**
 * Gives the id of a request: the client's if it is sane, else one made when it is first needed,
 * which is when something goes wrong.
 */
export function requestIdOf(deps: Pick<AppDeps, "requestId">, request: Request): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const id = acceptId(request.headers.get(REQUEST_ID)) ?? deps.requestId();
  ids.set(request, id);
  return id;
}

function acceptId(text: string | null): string | undefined {
  return text !== null && text.length <= REQUEST_ID_CHARS && SANE.test(text) ? text : undefined;
}
