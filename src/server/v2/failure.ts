import { DevregError, type ErrorCode, RegistryResponseError } from "../../errors.ts";
import { FRONT_PAUSE_MS } from "../../limits.ts";
import { ociErrorReply } from "../http/index.ts";
import { ListingsBusy } from "./listing-turns.ts";

/** How a failure is told to a client of the registry. */
interface FailureForm {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** How soon it is worth asking again, in seconds. */
  readonly retryAfterS?: number;
}

const PAUSE_S = FRONT_PAUSE_MS / 1000;

const BEHIND: FailureForm = {
  status: 502,
  code: "UNAVAILABLE",
  message: "the registry behind did not give a usable answer",
};
const LATE: FailureForm = {
  status: 504,
  code: "UNAVAILABLE",
  message: "the registry behind did not answer in time",
  retryAfterS: PAUSE_S,
};
const BUSY: FailureForm = {
  status: 429,
  code: "TOOMANYREQUESTS",
  message: "the registry behind is asked too often",
};

const FORMS: Partial<Readonly<Record<ErrorCode, FailureForm>>> = {
  NOT_FOUND: { status: 404, code: "NAME_UNKNOWN", message: "there is nothing of this name" },
  DIGEST_MISMATCH: BEHIND,
  SIZE_MISMATCH: BEHIND,
  LIMIT_EXCEEDED: BEHIND,
  // A document that cannot be read, or of a type that is no manifest.
  INPUT_INVALID: BEHIND,
  UNSUPPORTED: BEHIND,
  // The client was never asked for credentials, so it must not be told to bring better ones.
  UNAUTHORIZED: BEHIND,
  REGISTRY_RESPONSE: BEHIND,
  NETWORK: BEHIND,
  TIMEOUT: LATE,
};

/** Answers a /v2 request that failed; nothing about the registry behind is told but that it failed. */
export function failureReply(request: Request, error: unknown, requestId: string): Response {
  const form = formOf(error);
  if (form !== undefined) {
    const { status, code, message: said, retryAfterS } = form;
    const headers = retryAfterS === undefined ? {} : { "retry-after": String(retryAfterS) };
    return ociErrorReply(request, status, code, said, { headers });
  }
  const message = `something went wrong (request ${requestId})`;
  return ociErrorReply(request, 500, "UNKNOWN", message);
}

function formOf(error: unknown): FailureForm | undefined {
  if (error instanceof ListingsBusy) return BUSY;
  if (error instanceof RegistryResponseError && error.exchange.status === 429) return BUSY;
  return error instanceof DevregError ? FORMS[error.code] : undefined;
}
