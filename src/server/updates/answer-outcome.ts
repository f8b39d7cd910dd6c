import { UPDATE_RETRY_S } from "../../webhook-limits.ts";
import { type HeaderFields, jsonReply } from "../http/index.ts";
import type { UpdateOutcome } from "./update-port.ts";

const FAULT_STATUS: Readonly<Record<NonNullable<UpdateOutcome["fault"]>, number>> = {
  content: 422,
  source: 502,
  registry: 503,
};

/** Tells a client what came of its request. */
export function answerOutcome(
  request: Request,
  outcome: UpdateOutcome,
  status: number = statusOf(outcome),
): Response {
  const { state, generation, reasons, changed } = outcome;
  const told = {
    state,
    ...(generation === undefined ? {} : { generation }),
    reasons,
    ...(changed === undefined ? {} : { changed }),
  };
  const headers: HeaderFields = status >= 500 ? { "retry-after": String(UPDATE_RETRY_S) } : {};
  return jsonReply(request, told, { status, headers });
}

function statusOf({ state, fault }: UpdateOutcome): number {
  if (state === "refused") return 409;
  if (state !== "failed") return 200;
  return fault === undefined ? 503 : FAULT_STATUS[fault];
}
