import { DevregError, describeError } from "../errors.ts";
import { BUSY_RETRY_S, ServerBusy } from "./busy.ts";
import type { AppDeps, ServerContext } from "./deps.ts";
import { jsonReply } from "./http/index.ts";
import { isV2Path, refuse } from "./refuse.ts";
import { requestIdOf } from "./request-id.ts";
import { failureReply } from "./v2/index.ts";

/** What proxies note for a visitor who left; no one is there to read it. */
const LEFT = 499;

/**
 * Answers a request whose handling threw: an OCI envelope under /v2, else a REST body. What went
 * wrong is logged; the client learns the request id to name when asking.
 */
export function answerError(deps: AppDeps, error: unknown, c: ServerContext): Response {
  const { path, raw } = c.req;
  const requestId = requestIdOf(deps, raw);
  const code = error instanceof DevregError ? error.code : undefined;
  if (error instanceof ServerBusy) {
    deps.log.warn("request refused", { requestId, path, error: error.message });
    const headers = { "retry-after": BUSY_RETRY_S };
    return refuse(raw, path, 503, "too many requests for this are waiting", { headers });
  }
  // Absence that only a failing listing tells is an answer, not a fault of ours; and a visitor who
  // went away breaks off what was under way.
  const level = code === "NOT_FOUND" || raw.signal.aborted ? "debug" : "error";
  deps.log[level]("request failed", { requestId, path, code, error: describeError(error) });
  if (raw.signal.aborted) return refuse(raw, path, LEFT, "the client closed the connection");
  if (isV2Path(path)) return failureReply(raw, error, requestId);
  return jsonReply(
    raw,
    { error: "internal server error", status: `something went wrong (request ${requestId})` },
    { status: 500 },
  );
}
