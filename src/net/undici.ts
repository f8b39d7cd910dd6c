import { Readable } from "node:stream";
import { getCACertificates } from "node:tls";
import { Agent, type Dispatcher, ProxyAgent, request as send } from "undici/index.js";
import { invariant } from "../assert.ts";
import type { ByteStream } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import {
  BODY_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  CONNECTIONS_PER_ORIGIN,
  DISCARD_BYTES,
  HEADERS_TIMEOUT_MS,
} from "../limits.ts";
import { checkNumber, fencedLookup } from "./fence.ts";
import type { HttpRequest, HttpResponse, NetOptions, TransportPool } from "./http.ts";
import { toNetworkError } from "./net-error.ts";
import { proxyFor } from "./proxy.ts";

/** Opens a pool over undici; connections are made when they are needed. */
export function openPool(options: NetOptions): TransportPool {
  const agents = new Map<string, Dispatcher>();
  const agentFor = (url: URL): Dispatcher => {
    const proxy = proxyFor(url, options.proxy);
    const known = agents.get(proxy ?? "");
    if (known !== undefined) return known;
    const agent = proxy === undefined ? directAgent(options) : proxyAgent(options, proxy);
    agents.set(proxy ?? "", agent);
    return agent;
  };
  return {
    send: async (request) => {
      const { mayConnect } = options;
      if (mayConnect !== undefined) checkNumber(request.url.hostname, mayConnect);
      return await exchange(request, agentFor(request.url), options.userAgent);
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

async function exchange(
  request: HttpRequest,
  dispatcher: Dispatcher,
  userAgent: string,
): Promise<HttpResponse> {
  const { url, signal } = request;
  const upload = uploadOf(request);
  try {
    const answer = await send(url, {
      dispatcher,
      method: request.method as Dispatcher.HttpMethod, // undici narrows it to the names it knows
      headers: { "user-agent": userAgent, ...request.headers, ...upload.headers },
      body: upload.body,
      ...(signal === undefined ? {} : { signal }),
      headersTimeout: request.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
      bodyTimeout: BODY_TIMEOUT_MS,
    });
    return toResponse(answer, request);
  } catch (error) {
    // A source that fails makes undici report a wrong length; what the source said matters.
    throw upload.failure() ?? toNetworkError(error, url, signal);
  }
}

interface Upload {
  readonly body: Readable | Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly failure: () => unknown;
}

function uploadOf(request: HttpRequest): Upload {
  const { body, bodyBytes } = request;
  if (body === undefined || body instanceof Uint8Array) {
    return { body: body ?? null, headers: {}, failure: () => undefined };
  }
  invariant(bodyBytes !== undefined, "a streamed body needs bodyBytes");
  let failed: unknown;
  const watched = async function* (): ByteStream {
    try {
      yield* body();
    } catch (error) {
      failed = error;
      throw error;
    }
  };
  return {
    body: Readable.from(watched(), { objectMode: false }),
    headers: { "content-length": String(bodyBytes) },
    failure: () => failed,
  };
}

function toResponse(answer: Dispatcher.ResponseData, request: HttpRequest): HttpResponse {
  const values = (name: string): readonly string[] => {
    const value = answer.headers[name.toLowerCase()];
    if (value === undefined) return [];
    return typeof value === "string" ? [value] : value;
  };
  return {
    status: answer.statusCode,
    url: request.url,
    header: (name) => {
      const found = values(name);
      return found.length === 0 ? undefined : found.join(", ");
    },
    headerValues: values,
    body: readBody(answer.body, request),
    discard: async () => {
      // When the rest cannot be read the connection is closed, which is just as good.
      await answer.body.dump({ limit: DISCARD_BYTES }).catch(() => undefined);
    },
  };
}

async function* readBody(body: AsyncIterable<Uint8Array>, request: HttpRequest): ByteStream {
  try {
    yield* body;
  } catch (error) {
    throw toNetworkError(error, request.url, request.signal);
  }
}

function directAgent(options: NetOptions): Dispatcher {
  const { mayConnect } = options;
  const lookup = mayConnect === undefined ? {} : { lookup: fencedLookup(mayConnect) };
  return new Agent({ ...pool, connect: { ...tlsOptions(options), ...lookup } });
}

function proxyAgent(options: NetOptions, uri: string): Dispatcher {
  const tls = tlsOptions(options);
  try {
    return new ProxyAgent({ ...pool, uri, requestTls: tls, proxyTls: tls });
  } catch (cause) {
    throw new DevregError("CONFIG_INVALID", "Cannot use the proxy: its address is not a URL", {
      hint: "Check HTTP_PROXY and HTTPS_PROXY",
      cause,
    });
  }
}

/** HTTP/2 is two to three times slower here, and its aborts poison the shared session. */
const pool = { allowH2: false, connections: CONNECTIONS_PER_ORIGIN };

function tlsOptions(options: NetOptions) {
  const { extraCa, clientCert, verifyTls } = options;
  return {
    allowH2: false,
    timeout: CONNECT_TIMEOUT_MS,
    // A given list replaces the built-in roots, so they are named too.
    ...(extraCa === undefined ? {} : { ca: [...getCACertificates("default"), extraCa] }),
    ...(clientCert === undefined ? {} : { cert: clientCert.cert, key: clientCert.key }),
    ...(verifyTls === false ? { rejectUnauthorized: false } : {}),
  };
}
