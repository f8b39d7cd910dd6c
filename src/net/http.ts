import type { ByteStream, Content } from "../bytes.ts";

/** One HTTP request; nothing about it is implied. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Opened anew for each attempt. */
  readonly body?: Content;
  /** Length of `body` in bytes; required with one that is opened as a stream. */
  readonly bodyBytes?: number;
  readonly signal?: AbortSignal;
  /** How long the headers of the answer may take, when not the default. */
  readonly headersTimeoutMs?: number;
}

/** One answer whose body is read by whoever holds it, or discarded. */
export interface HttpResponse {
  readonly status: number;
  /** The address that answered, after redirects that were followed. */
  readonly url: URL;
  /** Gives the values of a header joined by ", "; undefined when absent. Any letter case. */
  header(name: string): string | undefined;
  /** Gives each value of a repeated header. */
  headerValues(name: string): readonly string[];
  /** To be read once. Breaking off closes the connection. */
  readonly body: ByteStream;
  /** Drops what is left of the body so that the connection can be used again. */
  discard(): Promise<void>;
}

/**
 * Sends a request and gives the answer whatever its status; redirects are not followed. Layers
 * (redirects, retries, authentication, limits) are functions from Transport to Transport.
 *
 * @throws {DevregError} NETWORK, TIMEOUT, ABORTED
 */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

/** A transport that owns connections. */
export interface TransportPool {
  readonly send: Transport;
  /** Closes all connections; requests under way fail. */
  close(): Promise<void>;
}

/** How hosts are reached. */
export interface NetOptions {
  /** PEM certificates trusted beside the built-in roots. */
  readonly extraCa?: string;
  /** PEM client certificate and key. */
  readonly clientCert?: { readonly cert: string; readonly key: string };
  /** False switches certificate checks off, for every host of this pool. */
  readonly verifyTls?: boolean;
  /** The values of HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  readonly proxy?: { readonly http?: string; readonly https?: string; readonly no?: string };
  /**
   * Judges the addresses by number that are connected to, those that names stand for among them.
   * Behind a proxy only what is written as a number is seen here: the proxy looks names up.
   */
  readonly mayConnect?: (address: string) => boolean;
  /** Value of the User-Agent header. */
  readonly userAgent: string;
}
