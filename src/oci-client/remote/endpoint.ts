import { readAll, streamOf, textOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { ERROR_BODY_BYTES } from "../../limits.ts";
import {
  type HttpRequest,
  type HttpResponse,
  isLoopbackHost,
  isNotTls,
  isTransient,
  type Transport,
} from "../../net/index.ts";
import { DOCKER_HUB } from "./auth-file.ts";

/** The host behind Docker Hub's name that speaks the distribution protocol. */
const DOCKER_HUB_API = "registry-1.docker.io";

/** What servers say, with status 400, when a TLS port is spoken to without TLS. */
const WANTS_TLS = /HTTP request (?:was sent )?to (?:an )?HTTPS/i;

/**
 * The address of one registry. It is https, except that this machine's own addresses are http
 * unless the registry there turns out to speak TLS, and `plainHttp` makes it http.
 */
export class Endpoint {
  #base: URL;
  /** Whether http is only a guess so far. */
  #open: boolean;

  /** @throws {DevregError} CONFIG_INVALID when it is no host with an optional port */
  constructor(registry: string, plainHttp: boolean) {
    const host = registry === DOCKER_HUB ? DOCKER_HUB_API : registry;
    const loopback = isLoopbackHost(host);
    const base = URL.parse(`${plainHttp || loopback ? "http" : "https"}://${host}/`);
    if (base === null || base.pathname !== "/" || base.username !== "") {
      throw new DevregError("CONFIG_INVALID", `Cannot use registry "${registry}": it is no host`);
    }
    this.#base = base;
    this.#open = loopback && !plainHttp;
  }

  /** Scheme, host and port, as known so far. */
  get base(): URL {
    return this.#base;
  }

  /** Tells whether an address belongs to the registry; one made before TLS was found still does. */
  covers(url: URL): boolean {
    const { host, protocol } = this.#base;
    return url.host === host && (url.protocol === protocol || isLoopbackHost(host));
  }

  /** Gives the address of a path below the registry's root. */
  url(path: string, query?: Readonly<Record<string, string>>): URL {
    const url = new URL(path, this.#base);
    if (query !== undefined) url.search = new URLSearchParams(query).toString();
    return url;
  }

  /** Sends requests by the right scheme; it finds out with the first one. */
  overScheme(send: Transport): Transport {
    return async (request) => {
      if (request.url.host !== this.#base.host) return send(request);
      const overTls = () => send({ ...request, url: withTls(request.url) });
      if (!this.#open) return this.#base.protocol === "https:" ? overTls() : send(request);
      const response = await guess(request, () => send(request), overTls);
      this.#open = false;
      if (response.url.protocol === "https:") this.#base = withTls(this.#base);
      return response;
    };
  }
}

/** Sends a request without TLS and, where the answer calls for it, with TLS. */
async function guess(
  { method, signal }: HttpRequest,
  plain: () => Promise<HttpResponse>,
  overTls: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  let response: HttpResponse;
  try {
    response = await plain();
  } catch (error) {
    // A TLS server may drop the connection without a word; so may one that is just failing.
    if (!isTransient(error) || signal?.aborted === true) throw error;
    return orElse(overTls, () => {
      throw error;
    });
  }
  if (response.status !== 400) return response;
  // Nothing is said in answer to HEAD, so that only trying tells.
  if (method === "HEAD") return orElse(overTls, () => response);
  const body = await readAll(response.body, ERROR_BODY_BYTES, "the registry's answer");
  return WANTS_TLS.test(textOf(body)) ? overTls() : { ...response, body: streamOf(body) };
}

/** Gives what a try over TLS gave or, when the other side speaks no TLS after all, the other. */
async function orElse(
  overTls: () => Promise<HttpResponse>,
  other: () => HttpResponse,
): Promise<HttpResponse> {
  try {
    return await overTls();
  } catch (error) {
    if (isTransient(error) || isNotTls(error)) return other();
    throw error;
  }
}

function withTls(url: URL): URL {
  if (url.protocol === "https:") return url;
  const secure = new URL(url);
  secure.protocol = "https:";
  return secure;
}
