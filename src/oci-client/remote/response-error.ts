import { z } from "zod";
import { type ByteStream, concatBytes, textOf } from "../../bytes.ts";
import { type ErrorCode, type OciErrorEntry, RegistryResponseError } from "../../errors.ts";
import { ERROR_BODY_BYTES, ERROR_TEXT_CHARS } from "../../limits.ts";
import { redactText } from "../../log.ts";
import type { HttpResponse } from "../../net/index.ts";

const envelopeSchema = z.looseObject({
  errors: z
    .array(z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }))
    .max(1000),
});

/** Query parameters that hold no secret and help to understand what was asked. */
const SHOWN_PARAMETERS = new Set(["n", "last", "digest", "scope", "service", "artifactType"]);

/**
 * Makes the error for an answer that ends an operation, reading a bounded part of its body.
 *
 * @param what completes "Cannot …": "push blob sha256:…"
 */
export async function responseError(
  response: HttpResponse,
  method: string,
  what: string,
): Promise<RegistryResponseError> {
  const { status } = response;
  const text = await readStart(response.body);
  const errors = parseErrors(text);
  const said = errors.map(formatEntry).join("; ") || plainText(response, text);
  const message = `Cannot ${what}: ${response.url.host} answered ${status}${said && ` (${said})`}`;
  const hint = HINTS[status];
  return new RegistryResponseError(
    codeFor(status),
    message,
    { method, url: shownUrl(response.url), status, errors },
    hint === undefined ? {} : { hint },
  );
}

const HINTS: Readonly<Record<number, string>> = {
  401: "Check the credentials for this registry: DEVREG_AUTH_<HOST>, --authfile or a login",
  403: "The credentials for this registry do not allow this",
  413: "A proxy in front of the registry limits the size of uploads; raise its limit",
  500: "The log of the registry tells why; its disk may be full",
  507: "The disk of the registry is full",
};

function codeFor(status: number): ErrorCode {
  if (status === 401 || status === 403) return "UNAUTHORIZED";
  return status === 404 ? "NOT_FOUND" : "REGISTRY_RESPONSE";
}

/** Shows an address without user information and without the values that may be secret. */
function shownUrl(url: URL): string {
  const query = [...url.searchParams].map(([name, value]) =>
    SHOWN_PARAMETERS.has(name) ? `${name}=${value}` : `${name}=…`,
  );
  return redactText(`${url.origin}${url.pathname}${query.length > 0 ? `?${query.join("&")}` : ""}`);
}

/** Reads the start of a body; what breaks off or goes on and on gives what came so far. */
async function readStart(body: ByteStream): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size >= ERROR_BODY_BYTES) break;
    }
  } catch {
    // The status is the error to report; its explanation was cut off.
  }
  return textOf(concatBytes(chunks).subarray(0, ERROR_BODY_BYTES));
}

function parseErrors(text: string): OciErrorEntry[] {
  const parsed = envelopeSchema.safeParse(jsonOrUndefined(text));
  if (!parsed.success) return [];
  return parsed.data.errors.map((entry) => ({
    code: clean(entry.code ?? "UNKNOWN"),
    message: clean(entry.message ?? ""),
  }));
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function formatEntry({ code, message }: OciErrorEntry): string {
  return message === "" ? code : `${code}: ${message}`;
}

function plainText(response: HttpResponse, text: string): string {
  const html = /html/i.test(response.header("content-type") ?? "") || /^\s*</.test(text);
  return html ? "" : clean(text);
}

function clean(text: string): string {
  return redactText(text.replace(/[\s\p{Cc}]+/gu, " ").trim()).slice(0, ERROR_TEXT_CHARS);
}
