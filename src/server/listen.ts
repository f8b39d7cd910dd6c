import type { Server } from "bun";
import { systemCode } from "../atomic-file.ts";
import { DevregError, describeError } from "../errors.ts";
import { IDLE_TIMEOUT_S, REQUEST_BODY_BYTES } from "../limits.ts";
import type { Logger } from "../log.ts";
import type { Answering } from "./deps.ts";
import { COMMON_HEADERS, DATA_POLICY } from "./http/index.ts";

const LISTEN_STATES: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use",
  EADDRNOTAVAIL: "this machine has no such address",
  EACCES: "this user may not take the port",
};

/** For the one answer that no application made. */
const BARE = {
  ...COMMON_HEADERS,
  "content-security-policy": DATA_POLICY,
  "content-type": "text/plain; charset=utf-8",
  "cache-control": "no-store",
};

/** Where one listener is bound. */
export interface ListenAddress {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** How the server listens. */
export interface ListenOptions extends ListenAddress {
  readonly app: Answering;
  /** Listened for separately, so that the port of users does not show it. */
  readonly metrics?: (ListenAddress & { readonly app: Answering }) | undefined;
  readonly tls?: ServedCertificate | undefined;
  /** Offers HTTP/2 too: by ALPN with TLS, without it to clients that know beforehand. */
  readonly http2?: boolean;
  readonly log: Logger;
}

/** PEM texts. */
interface ServedCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A server that listens. */
export interface Listening {
  /** "http://127.0.0.1:8080", the port being the one taken. */
  readonly url: string;
  readonly metricsUrl: string | undefined;
  /**
   * Refuses new connections at once and resolves when all requests under way have ended, or have
   * been broken off after the deadline.
   */
  stop(deadlineMs: number): Promise<void>;
}

/**
 * Begins to listen.
 *
 * @throws {DevregError} CONFIG_INVALID when an address is taken or not ours, or a certificate cannot
 * be used, naming the flags
 */
export function listen(options: ListenOptions): Listening {
  const { app, metrics, tls, http2 = false, log } = options;
  const main = bind(app, options, "--listen", log, { tls, http2 });
  try {
    const side = metrics && bind(metrics.app, metrics, "--metrics-listen", log);
    return {
      url: addressOf(main, options.hostname, tls === undefined ? "http" : "https"),
      metricsUrl: side && addressOf(side, metrics.hostname, "http"),
      stop: async (deadlineMs) => {
        await drain(main, deadlineMs);
        await side?.stop(true);
      },
    };
  } catch (error) {
    main.stop(true);
    throw error;
  }
}

function bind(
  app: Answering,
  { hostname, port }: ListenAddress,
  flag: string,
  log: Logger,
  { tls, http2 = false }: Pick<ListenOptions, "tls" | "http2"> = {},
): Server<undefined> {
  try {
    return Bun.serve({
      hostname,
      port,
      fetch: app.fetch,
      // Otherwise failures answer a page with a stack trace.
      development: false,
      // Bun sets it in production: a second server would take the port without a word.
      reusePort: false,
      idleTimeout: IDLE_TIMEOUT_S,
      maxRequestBodySize: REQUEST_BODY_BYTES,
      http2,
      ...(tls === undefined ? {} : { tls: { cert: tls.cert, key: tls.key } }),
      error: (error) => {
        log.error("request failed outside of the application", { error: describeError(error) });
        return new Response("internal server error\n", { status: 500, headers: BARE });
      },
    });
  } catch (error) {
    throw isTlsFault(error) ? cannotServeTls(error) : cannotListen(error, hostname, port, flag);
  }
}

/** What the TLS library objects to; the system's errors have names such as EADDRINUSE. */
function isTlsFault(error: unknown): boolean {
  return /OPENSSL|BORINGSSL|PEM routines/i.test(describeError(error));
}

function cannotServeTls(cause: unknown): DevregError {
  return new DevregError(
    "CONFIG_INVALID",
    `Cannot serve TLS: certificate or key cannot be used (${describeError(cause)})`,
    {
      cause,
      hint: "Give a PEM certificate with --tls-cert and the key that belongs to it with --tls-key",
    },
  );
}

function cannotListen(error: unknown, hostname: string, port: number, flag: string): DevregError {
  const code = systemCode(error);
  const state = (code !== undefined && LISTEN_STATES[code]) || describeError(error);
  return new DevregError("CONFIG_INVALID", `Cannot listen on ${hostname}:${port}: ${state}`, {
    cause: error,
    hint: `Choose another address with ${flag}; port 0 takes a free one`,
  });
}

async function drain(server: Server<undefined>, deadlineMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<true>((resolve) => {
    timer = setTimeout(() => resolve(true), deadlineMs);
  });
  const isLate = await Promise.race([server.stop().then(() => false), late]);
  clearTimeout(timer);
  if (isLate) await server.stop(true);
}

function addressOf(server: Server<undefined>, hostname: string, scheme: string): string {
  // An address that stands for all of them is no address one can open.
  const host = hostname === "0.0.0.0" || hostname === "::" ? "localhost" : hostname;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${server.port}`;
}
