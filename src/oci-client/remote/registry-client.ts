import type { HashThread } from "../../hash-thread.ts";
import type { Logger } from "../../log.ts";
import { type HttpRequest, redirecting, type Transport } from "../../net/index.ts";
import { authenticating } from "./auth.ts";
import { AuthSession } from "./auth-session.ts";
import type { Clock } from "./clock.ts";
import type { CredentialSource } from "./credential.ts";
import { Endpoint } from "./endpoint.ts";
import { gated } from "./gate.ts";
import { Backoff, retrying } from "./retry.ts";
import { warning } from "./warnings.ts";

/** The requests of one registry's client, with everything between them and the network. */
export interface RegistryClient {
  readonly endpoint: Endpoint;
  readonly backoff: Backoff;
  readonly log: Logger;
  /** Signs in, follows redirects, tries again. */
  readonly send: Transport;
  /** Signs in and follows redirects; for what cannot be repeated as it is. */
  readonly sendOnce: Transport;
  readonly hashThread: HashThread | undefined;
}

/** What the layers of a client are made from. */
export interface ClientParts {
  /** Host with an optional port, as credentials are kept under. */
  readonly registry: string;
  readonly send: Transport;
  readonly credentials: CredentialSource;
  readonly plainHttp: boolean;
  readonly trustedRealms: readonly string[];
  readonly concurrency: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly hashThread?: HashThread | undefined;
}

/**
 * Puts the layers of a client together, from the network up: scheme, bound on requests under way,
 * warnings, retries, authorization, redirects. Redirects come last, so that a request which left
 * the registry's origin is no longer signed.
 */
export function createClient(parts: ClientParts): RegistryClient {
  const endpoint = new Endpoint(parts.registry, parts.plainHttp);
  const backoff = new Backoff(parts.clock, parts.log);
  const once = warning(gated(endpoint.overScheme(parts.send), parts.concurrency), parts.log);
  const again = retrying(once, backoff);
  const session = new AuthSession({
    endpoint,
    host: parts.registry,
    credentials: parts.credentials,
    trustedRealms: new Set(parts.trustedRealms),
    clock: parts.clock,
    sendToken: tokenTransport(again),
  });
  return {
    endpoint,
    backoff,
    log: parts.log,
    send: redirecting(authenticating(again, session)),
    sendOnce: redirecting(authenticating(once, session)),
    hashThread: parts.hashThread,
  };
}

/** A refresh token travels in a body, which a redirect must not carry on. */
function tokenTransport(send: Transport): Transport {
  const following = redirecting(send);
  return (request: HttpRequest) => (request.method === "GET" ? following : send)(request);
}
