import { DevregError, RegistryResponseError } from "../../errors.ts";
import { REMEMBERED_ENTRIES, TOKEN_MARGIN_MS } from "../../limits.ts";
import type { HttpRequest, Transport } from "../../net/index.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { Challenge } from "./challenge.ts";
import type { Clock } from "./clock.ts";
import { basicAuthorization, type Credential, type CredentialSource } from "./credential.ts";
import type { Endpoint } from "./endpoint.ts";
import { checkRealm, type Realm } from "./realm.ts";
import { type Access, accessOf, mergeScopes, type Scope, scopesFor } from "./scope.ts";
import { fetchToken } from "./token.ts";

/** How one registry is signed in to. */
export interface AuthOptions {
  /** Where the credentials belong; no other origin ever gets them. */
  readonly endpoint: Endpoint;
  /** The name that credentials are kept under: "docker.io", "host:5000". */
  readonly host: string;
  readonly credentials: CredentialSource;
  /** Hosts of token servers that may have the credentials though they are on another site. */
  readonly trustedRealms: ReadonlySet<string>;
  readonly clock: Clock;
  /** Sends requests to token servers. */
  readonly sendToken: Transport;
}

interface BearerMode {
  readonly scheme: "bearer";
  readonly realm: Realm;
  readonly service: string | undefined;
}

type Mode = { readonly scheme: "basic" } | BearerMode;

interface KeptToken {
  readonly token: string;
  readonly renewMs: number;
}

/** What is known about signing in to one registry: its way of asking, and tokens by scope. */
export class AuthSession {
  readonly #options: AuthOptions;
  readonly #tokens = new BoundedMap<string, KeptToken>(REMEMBERED_ENTRIES);
  readonly #flights = new Map<string, Promise<string>>();
  /** Scopes that a registry asked for though the request's own would do. */
  readonly #asked = new BoundedMap<string, readonly Scope[]>(REMEMBERED_ENTRIES);
  #mode: Mode | undefined;
  /** Once something is written, reading asks for push as well: one token instead of two. */
  #pushes = false;

  constructor(options: AuthOptions) {
    this.#options = options;
  }

  /** Tells whether an address belongs to the registry that the credentials are for. */
  covers(url: URL): boolean {
    return this.#options.endpoint.covers(url);
  }

  /** Gives the authorization to send before being asked; undefined before the first challenge. */
  async authorization(request: HttpRequest): Promise<string | undefined> {
    const access = accessOf(request.method, request.url);
    if (access.writes) this.#pushes = true;
    const mode = this.#mode;
    if (mode === undefined) return undefined;
    const credential = await this.#credential(access);
    if (mode.scheme === "basic") return basicOf(credential);
    return this.#bearer(mode, credential, access, request.url);
  }

  /** Answers a 401; undefined when there is nothing to answer with. */
  async answer(
    request: HttpRequest,
    challenges: readonly Challenge[],
    rejected: string | undefined,
  ): Promise<string | undefined> {
    const access = accessOf(request.method, request.url);
    const credential = await this.#credential(access);
    const bearer = challenges.find(({ scheme }) => scheme === "bearer");
    const realm = bearer?.parameters.get("realm");
    if (bearer !== undefined && credential?.kind === "bearer") {
      return fresh(`Bearer ${credential.token}`, rejected);
    }
    if (bearer === undefined || realm === undefined) {
      if (!challenges.some(({ scheme }) => scheme === "basic")) return undefined;
      this.#mode = { scheme: "basic" };
      return fresh(basicOf(credential), rejected);
    }
    const mode: BearerMode = {
      scheme: "bearer",
      realm: checkRealm(this.#options.endpoint.base, realm, this.#options.trustedRealms),
      service: bearer.parameters.get("service"),
    };
    this.#mode = mode;
    this.#learn(access, request.url, bearer.parameters.get("scope"));
    this.#forget(mode, rejected, access, request.url);
    return fresh(await this.#bearer(mode, credential, access, request.url), rejected);
  }

  /** Keeps the scopes that were asked for, beside those that follow from the request. */
  #learn(access: Access, url: URL, asked: string | undefined): void {
    const own = scopesFor(access, url, access.writes);
    const all = mergeScopes([...own, ...(asked ?? "").split(" ").filter((scope) => scope !== "")]);
    if (all.join(" ") !== own.join(" ")) this.#asked.set(own.join(" "), all);
  }

  /** Drops a token that was refused, unless another request has replaced it meanwhile. */
  #forget(mode: BearerMode, rejected: string | undefined, access: Access, url: URL): void {
    for (const push of [true, false]) {
      const key = keyOf(mode, this.#scopes(access, url, push));
      if (`Bearer ${this.#tokens.get(key)?.token}` === rejected) this.#tokens.delete(key);
    }
  }

  async #bearer(
    mode: BearerMode,
    credential: Credential | undefined,
    access: Access,
    url: URL,
  ): Promise<string> {
    if (credential?.kind === "bearer") return `Bearer ${credential.token}`;
    const wide = this.#pushes;
    try {
      return `Bearer ${await this.#token(mode, credential, this.#scopes(access, url, wide))}`;
    } catch (error) {
      // Who may only read is denied a token for both; reading alone is then asked for.
      if (!wide || access.writes || !isDenied(error)) throw error;
      return `Bearer ${await this.#token(mode, credential, this.#scopes(access, url, false))}`;
    }
  }

  #scopes(access: Access, url: URL, push: boolean): readonly Scope[] {
    const own = scopesFor(access, url, push);
    return this.#asked.get(own.join(" ")) ?? own;
  }

  async #token(
    mode: BearerMode,
    credential: Credential | undefined,
    scopes: readonly Scope[],
  ): Promise<string> {
    const key = keyOf(mode, scopes);
    const kept = this.#tokens.get(key);
    if (kept !== undefined && this.#options.clock.nowMs() < kept.renewMs) return kept.token;
    const running = this.#flights.get(key);
    if (running !== undefined) return running;
    const flight = this.#fetch(mode, credential, scopes, key);
    this.#flights.set(key, flight);
    try {
      return await flight;
    } finally {
      this.#flights.delete(key);
    }
  }

  async #fetch(
    { realm, service }: BearerMode,
    credential: Credential | undefined,
    scopes: readonly Scope[],
    key: string,
  ): Promise<string> {
    const { clock, endpoint, sendToken } = this.#options;
    const kept = realm.takesCredentials ? credential : undefined;
    const startedMs = clock.nowMs();
    try {
      const question = { realm: realm.url, service, scopes, credential: kept };
      const { token, lifetimeMs } = await fetchToken(sendToken, question);
      const marginMs = Math.min(TOKEN_MARGIN_MS, lifetimeMs / 2);
      this.#tokens.set(key, { token, renewMs: startedMs + lifetimeMs - marginMs });
      return token;
    } catch (error) {
      if (credential === undefined || kept !== undefined || !isDenied(error)) throw error;
      throw new DevregError(
        "UNAUTHORIZED",
        `Cannot sign in to ${endpoint.base.host}: its token server ${realm.url.host} is another site`,
        {
          hint: "The credentials were not sent there; log in to that host or trust it",
          cause: error,
        },
      );
    }
  }

  #credential({ repository }: Access): Promise<Credential | undefined> {
    return this.#options.credentials.for(this.#options.host, repository);
  }
}

function keyOf(mode: BearerMode, scopes: readonly Scope[]): string {
  return [mode.realm.url.href, mode.service ?? "", ...scopes].join(" ");
}

function basicOf(credential: Credential | undefined): string | undefined {
  if (credential?.kind !== "basic") return undefined;
  return basicAuthorization(credential.username, credential.password);
}

function fresh(authorization: string | undefined, rejected: string | undefined) {
  return authorization === rejected ? undefined : authorization;
}

function isDenied(error: unknown): boolean {
  return error instanceof RegistryResponseError && error.code === "UNAUTHORIZED";
}
