import { DevregError, describeError } from "../errors.ts";

const TIMEOUTS = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);

const STATES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed while sending",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the name cannot be looked up",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to its network",
  UND_ERR_SOCKET: "the connection broke off",
  UND_ERR_CONNECT_TIMEOUT: "it did not take the connection in time",
  UND_ERR_HEADERS_TIMEOUT: "it did not answer in time",
  UND_ERR_BODY_TIMEOUT: "the transfer stalled",
  ETIMEDOUT: "the connection timed out",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the answer ended early",
  UND_ERR_HEADERS_OVERFLOW: "the answer's headers are too large",
};

const CERTIFICATE = /CERT|SELF_SIGNED|ISSUER|VERIFY|ALTNAME/;
const NOT_TLS = /EPROTO|ERR_SSL|WRONG_VERSION|ERR_TLS/;

/**
 * Turns what a connection throws into one error of ours: ABORTED when the caller's signal ended
 * it, TIMEOUT, else NETWORK. Errors that are ours already pass unchanged.
 */
export function toNetworkError(error: unknown, url: URL, signal?: AbortSignal): DevregError {
  if (error instanceof DevregError) return error;
  if (signal?.aborted) return interrupted(signal, url, error);
  const code = codeOf(error);
  const state = stateOf(error, code);
  const message = `Cannot reach ${url.host}: ${state}`;
  if (TIMEOUTS.has(code)) return new DevregError("TIMEOUT", message, { cause: error });
  const hint = hintFor(code);
  return new DevregError("NETWORK", message, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

/**
 * Tells whether trying again may help: the network failed or was too slow. A certificate that is
 * not trusted, a peer that speaks no TLS and an interruption stay as they are.
 */
export function isTransient(error: unknown): error is DevregError {
  if (!(error instanceof DevregError)) return false;
  if (error.code === "TIMEOUT") return true;
  const code = codeOf(error.cause);
  return error.code === "NETWORK" && !CERTIFICATE.test(code) && !NOT_TLS.test(code);
}

/** Tells whether a connection failed because the peer speaks no TLS. */
export function isNotTls(error: unknown): boolean {
  return error instanceof DevregError && NOT_TLS.test(codeOf(error.cause));
}

function interrupted(signal: AbortSignal, url: URL, cause: unknown): DevregError {
  const { reason } = signal;
  if (reason instanceof DevregError) return reason;
  if (reason instanceof Error && reason.name === "TimeoutError") {
    return new DevregError("TIMEOUT", `Cannot reach ${url.host}: it took too long`, { cause });
  }
  return new DevregError("ABORTED", `Cannot finish with ${url.host}: interrupted`, { cause });
}

function stateOf(error: unknown, code: string): string {
  if (CERTIFICATE.test(code)) return `its certificate is not trusted (${describeError(error)})`;
  if (NOT_TLS.test(code)) return "it does not speak TLS";
  return STATES[code] ?? (describeError(error) || code);
}

function hintFor(code: string): string | undefined {
  if (CERTIFICATE.test(code)) return "Give the authority that signed it with --ca-file";
  if (NOT_TLS.test(code)) return "Use --plain-http when the registry is meant to be without TLS";
  return undefined;
}

/** Finds the code of an error or of what caused it. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { code } = error as { code?: unknown };
  if (typeof code === "string") return code;
  return error.cause === undefined ? "" : codeOf(error.cause);
}
