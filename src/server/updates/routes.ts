import {
  UPDATE_ADDRESSES,
  UPDATE_BODIES,
  UPDATE_BODY_BYTES,
  UPDATE_BODY_TIMEOUT_MS,
  UPDATE_BURST,
  UPDATES_PER_SECOND,
} from "../../webhook-limits.ts";
import { type AddressReader, createAddressReader } from "../client-address.ts";
import type { AppDeps, ServerApp, ServerContext } from "../deps.ts";
import { answerError } from "../errors.ts";
import { UPDATE_PATH } from "../gate.ts";
import { describeGeneration } from "../generation-facts.ts";
import { jsonReply, statusReply } from "../http/index.ts";
import { answerUnknown } from "../unknown.ts";
import { AddressBuckets } from "./address-buckets.ts";
import { answerOutcome } from "./answer-outcome.ts";
import { BodyReading } from "./read-body.ts";
import { readUpdate } from "./read-update.ts";
import type { UpdateDeps, UpdateOutcome, UpdateRequest } from "./update-port.ts";
import { SignatureVerifier } from "./verify-signature.ts";

const BUCKETS = {
  burst: UPDATE_BURST,
  perSecond: UPDATES_PER_SECOND,
  addresses: UPDATE_ADDRESSES,
};
const BODIES = {
  bytes: UPDATE_BODY_BYTES,
  timeoutMs: UPDATE_BODY_TIMEOUT_MS,
  sideBySide: UPDATE_BODIES,
};
const BODY_FAULTS = {
  "too-large": { status: 413, text: `the body is over ${UPDATE_BODY_BYTES} bytes` },
  "too-slow": { status: 408, text: "the body took too long" },
};

/** What every request for an update is judged by. */
interface Judge {
  readonly deps: AppDeps;
  readonly updates: UpdateDeps;
  readonly addressOf: AddressReader;
  readonly buckets: AddressBuckets;
  readonly bodies: BodyReading;
  readonly verifier: SignatureVerifier;
}

/** Adds POST /api/update, which is not there while no secret is configured. */
export function addUpdateRoutes(app: ServerApp, deps: AppDeps): void {
  const { updates, nowMs, config } = deps;
  const guards = {
    addressOf: createAddressReader(config.trustedProxies),
    buckets: new AddressBuckets(BUCKETS, nowMs),
    bodies: new BodyReading(BODIES),
    verifier: new SignatureVerifier(nowMs),
  };
  app.all(UPDATE_PATH, async (c) => {
    const secret = await updates?.secret();
    if (updates === undefined || secret === undefined || secret.byteLength === 0) {
      return answerUnknown(deps, c);
    }
    const judge = { deps, updates, ...guards };
    const answer = await answerUpdate(judge, secret, c).catch((error) =>
      answerError(deps, error, c),
    );
    // Pages of other origins have no business here.
    answer.headers.delete("access-control-allow-origin");
    return answer;
  });
}

async function answerUpdate(judge: Judge, secret: Uint8Array, c: ServerContext): Promise<Response> {
  const request = c.req.raw;
  if (request.method !== "POST") {
    const message = "Only POST requests are supported.";
    return jsonReply(request, { message }, { status: 405, headers: { allow: "POST" } });
  }
  // Counted before anything is read or hashed, so that strangers cannot keep the server busy; for
  // each of them alone, so that they cannot keep others out either.
  const waitMs = judge.buckets.take(judge.addressOf(request, c.env));
  if (waitMs > 0) {
    const headers = { "retry-after": String(Math.ceil(waitMs / 1000)) };
    return statusReply(request, 429, "too many requests for updates", { headers });
  }
  const body = await judge.bodies.read(request);
  if (typeof body === "string") {
    const { status, text } = BODY_FAULTS[body];
    return statusReply(request, status, text);
  }
  const { headers } = request;
  const { updates, verifier, deps } = judge;
  const { origin, fault } = verifier.verify({ headers, body, secret, now: updates.now() });
  if (origin !== undefined) return answerBelieved(judge, origin, body, c);
  deps.log.warn("request for an update refused", { reason: fault });
  return statusReply(request, 401, "the signature is missing or wrong");
}

async function answerBelieved(
  { deps, updates }: Judge,
  origin: UpdateRequest["origin"],
  body: Uint8Array,
  c: ServerContext,
): Promise<Response> {
  const request = c.req.raw;
  const { log } = deps;
  const read = readUpdate(origin, request.headers, body, updates.port.sources());
  if (read.kind === "update") {
    const { commit, stacks, force } = read.update;
    log[force ? "warn" : "info"]("update asked for", { origin, commit, stacks, force });
    // An update may be silent for longer than a connection is allowed to.
    c.env?.timeout?.(request, 0);
    const outcome = await updates.port.request(read.update, updates.stopped);
    const { state, generation, reasons } = outcome;
    log.info("update answered", { origin, state, generation, reasons });
    return answerOutcome(request, outcome);
  }
  log.info("request for an update without effect", { origin, reason: read.reason });
  const outcome = { state: read.kind, reasons: [read.reason], ...servedNow(deps) };
  return answerOutcome(request, outcome, read.kind === "refused" ? read.status : 200);
}

function servedNow({ state }: AppDeps): Pick<UpdateOutcome, "generation"> {
  const current = state.current();
  const revision = current && describeGeneration(current.build).revision;
  return revision === undefined ? {} : { generation: revision };
}
