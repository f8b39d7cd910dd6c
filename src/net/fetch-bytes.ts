import { readAll } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import type { Transport } from "./http.ts";
import { redirecting } from "./redirect.ts";

/** How much of what may be fetched, and for how long. */
export interface FetchBytesOptions {
  readonly limitBytes: number;
  /** For the whole exchange, redirects and body included. */
  readonly timeoutMs: number;
  readonly accept?: string;
  /** What is fetched, for messages: "icon https://…". */
  readonly what: string;
  readonly signal?: AbortSignal;
}

/** A small document with its type and where it was in the end. */
export interface FetchedBytes {
  readonly bytes: Uint8Array;
  /** Lower case, without parameters; empty when the server names none. */
  readonly contentType: string;
  readonly url: URL;
}

/**
 * Fetches a small document, following redirects that are safe to follow.
 *
 * @throws {DevregError} INPUT_INVALID for anything but http and https; NOT_FOUND, UNAUTHORIZED or
 *   NETWORK by status; LIMIT_EXCEEDED; TIMEOUT
 */
export async function fetchBytes(
  send: Transport,
  url: URL,
  options: FetchBytesOptions,
): Promise<FetchedBytes> {
  const { limitBytes, timeoutMs, accept = "*/*", what } = options;
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new DevregError("INPUT_INVALID", `Cannot fetch ${what}: it is no http or https address`);
  }
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const response = await redirecting(send)({ method: "GET", url, headers: { accept }, signal });
  if (response.status !== 200) {
    await response.discard();
    throw unexpected(what, response.status);
  }
  if (Number(response.header("content-length") ?? 0) > limitBytes) {
    await response.discard();
    throw new DevregError("LIMIT_EXCEEDED", `Cannot read ${what}: over ${limitBytes} bytes`);
  }
  const bytes = await readAll(response.body, limitBytes, what);
  const [type = ""] = (response.header("content-type") ?? "").split(";");
  return { bytes, contentType: type.trim().toLowerCase(), url: response.url };
}

/** Tells of an answer without the content wanted. */
export function unexpected(what: string, status: number): DevregError {
  const message = `Cannot fetch ${what}: the server answered ${status}`;
  if (status === 404 || status === 410) return new DevregError("NOT_FOUND", message);
  if (status === 401 || status === 403) return new DevregError("UNAUTHORIZED", message);
  return new DevregError("NETWORK", message);
}
