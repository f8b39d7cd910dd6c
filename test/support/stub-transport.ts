import { readAll, streamOf, textOf, utf8 } from "../../src/bytes.ts";
import type { HttpRequest, HttpResponse, Transport } from "../../src/net/index.ts";

/** An answer of a transport without a network behind it. */
export interface StubAnswer {
  readonly status: number;
  /** Lower-case names; a list makes the header appear several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** A request that reached a stub. */
export interface StubRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A transport that answers by itself, for any host, and remembers what it was asked. */
export interface StubTransport {
  readonly send: Transport;
  readonly requests: StubRequest[];
}

const BODY_BYTES = 1024 * 1024;

/** Makes a transport that answers each request by a function, which may throw. */
export function stubTransport(
  answer: (request: StubRequest) => StubAnswer | Promise<StubAnswer>,
): StubTransport {
  const requests: StubRequest[] = [];
  const send: Transport = async (request) => {
    const stub = {
      method: request.method,
      url: request.url.href,
      headers: request.headers ?? {},
      body: await bodyText(request),
    };
    requests.push(stub);
    return toResponse(await answer(stub), request.url);
  };
  return { send, requests };
}

async function bodyText({ body }: HttpRequest): Promise<string> {
  if (body === undefined) return "";
  if (body instanceof Uint8Array) return textOf(body);
  return textOf(await readAll(body(), BODY_BYTES, "request"));
}

function toResponse({ status, headers = {}, body = "" }: StubAnswer, url: URL): HttpResponse {
  const valuesOf = (name: string) => [headers[name.toLowerCase()] ?? []].flat();
  return {
    status,
    url,
    header: (name) => (valuesOf(name).length === 0 ? undefined : valuesOf(name).join(", ")),
    headerValues: valuesOf,
    body: streamOf(utf8(body)),
    discard: async () => undefined,
  };
}
