import type { AppDeps, ServerContext } from "./deps.ts";
import { rawQuery, redirectReply } from "./http/index.ts";
import { refuse } from "./refuse.ts";
import { answerUnknownType } from "./rest/index-routes.ts";
import { visitedBaseOf } from "./rest/visited-base.ts";

/** Addresses that answer without the slash at their end. Parity: the Go server's redirects. */
const SLASH_TOO_MANY = /^\/(?:health|readyz|info|viewer|(?:v2)?index(?:\/[^/]+)?|devfiles\/.+)\/$/;

/** Answers what no route answers: without the slash at its end it may be something. */
export function answerUnknown(deps: AppDeps, c: ServerContext): Response {
  const { path, raw } = c.req;
  const unknownType = answerUnknownType(raw, path);
  if (unknownType !== undefined) return unknownType;
  if (!SLASH_TOO_MANY.test(path)) {
    return refuse(raw, path, 404, "there is nothing at this address");
  }
  const query = rawQuery(raw.url);
  const target = `${visitedBaseOf(deps, c)}${path.slice(0, -1)}`;
  return redirectReply(raw, 301, query === "" ? target : `${target}?${query}`);
}
