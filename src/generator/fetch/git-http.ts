import { DevregError } from "../../errors.ts";
import { GIT_CHALLENGES, REDIRECTS } from "../../limits.ts";
import {
  type HttpRequest,
  type HttpResponse,
  networkOf,
  type RedirectPolicy,
  redirecting,
  type Transport,
} from "../../net/index.ts";
import type { HttpGitAddress } from "./git-address.ts";
import { gitAuthVariable } from "./git-credentials.ts";
import type { FetchDeps, GitCredentials } from "./project.ts";

const DISCOVERY = "/info/refs";
const SERVICE = "git-upload-pack";

/** Asking is no secret; credentials are, and stay with their origin. */
const REDIRECT: RedirectPolicy = { max: REDIRECTS, keepHeaders: ["accept", "git-protocol"] };

/** Speaks http to one git repository. Spec: gitprotocol-http, smart clients. */
export class GitHttp {
  readonly #deps: Pick<FetchDeps, "send" | "credentials" | "signal">;
  readonly #follow: Transport;
  readonly #own: { readonly origin: string; readonly credentials: GitCredentials } | undefined;
  /** Where the repository is, which a redirect of the first request may change. */
  #base: URL;
  #authorization: { readonly origin: string; readonly value: string } | undefined;

  constructor(address: HttpGitAddress, deps: Pick<FetchDeps, "send" | "credentials" | "signal">) {
    this.#deps = deps;
    this.#follow = redirecting(deps.send, REDIRECT);
    this.#base = withoutSlash(address.url);
    const { credentials } = address;
    this.#own = credentials && { origin: address.url.origin, credentials };
  }

  /**
   * Asks what the repository has; redirects are followed here and only here.
   *
   * @throws {DevregError} UNAUTHORIZED, NOT_FOUND, NETWORK, TIMEOUT, ABORTED
   */
  async discover(): Promise<HttpResponse> {
    const ask = async () => {
      const url = below(this.#base, DISCOVERY);
      url.search = `service=${SERVICE}`;
      const response = await this.#follow(this.#request("GET", url, {}));
      if (response.url.href !== url.href) await this.#moveTo(response);
      return response;
    };
    return await this.#authenticated(ask, `application/x-${SERVICE}-advertisement`);
  }

  /** Sends a request of git's protocol. @throws {DevregError} as {@link discover} */
  async post(body: Uint8Array): Promise<HttpResponse> {
    const result = `application/x-${SERVICE}-result`;
    const ask = () =>
      this.#deps.send({
        ...this.#request("POST", below(this.#base, `/${SERVICE}`), {
          "content-type": `application/x-${SERVICE}-request`,
          accept: result,
        }),
        body,
      });
    return await this.#authenticated(ask, result);
  }

  async #authenticated(ask: () => Promise<HttpResponse>, type: string): Promise<HttpResponse> {
    for (let challenges = 0; ; challenges++) {
      const response = await ask();
      if (response.status === 200) return await this.#checkType(response, type);
      await response.discard();
      const sent = this.#authorization?.origin === this.#base.origin;
      const asked = response.status === 401 && !sent && challenges < GIT_CHALLENGES;
      const credentials = asked ? this.#credentials() : undefined;
      if (credentials === undefined) throw refused(this.#base, response.status, sent);
      const { username, password } = credentials;
      const basic = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
      this.#authorization = { origin: this.#base.origin, value: `Basic ${basic}` };
    }
  }

  #credentials(): GitCredentials | undefined {
    const { origin, host, protocol, hostname } = this.#base;
    const own = this.#own?.origin === origin ? this.#own.credentials : undefined;
    const found = own ?? this.#deps.credentials?.(host);
    if (found !== undefined && protocol === "http:" && networkOf(hostname) === "public") {
      throw new DevregError("UNAUTHORIZED", `Cannot fetch from ${host}: a token needs https`, {
        hint: `Use https://${host}`,
      });
    }
    return found;
  }

  #request(method: string, url: URL, headers: Readonly<Record<string, string>>): HttpRequest {
    const { signal } = this.#deps;
    const authorization = this.#authorization;
    return {
      method,
      url,
      headers: {
        "git-protocol": "version=2",
        ...headers,
        ...(authorization?.origin === url.origin ? { authorization: authorization.value } : {}),
      },
      ...(signal === undefined ? {} : { signal }),
    };
  }

  /** Takes over where a redirect led to, as git does, if it is a git server's address. */
  async #moveTo(response: HttpResponse): Promise<void> {
    const { url } = response;
    if (!url.pathname.endsWith(DISCOVERY)) {
      await response.discard();
      throw new DevregError(
        "NETWORK",
        `Cannot fetch "${this.#base.href}": it leads to ${url.origin}${url.pathname}, which is no git repository`,
        { hint: "Check the address; some servers lead to a page for signing in" },
      );
    }
    const base = new URL(url);
    base.pathname = url.pathname.slice(0, -DISCOVERY.length);
    base.search = "";
    base.username = "";
    base.password = "";
    this.#base = base;
  }

  async #checkType(response: HttpResponse, expected: string): Promise<HttpResponse> {
    const [type = ""] = (response.header("content-type") ?? "").split(";");
    if (type.trim().toLowerCase() === expected) return response;
    await response.discard();
    throw new DevregError(
      "NOT_FOUND",
      `Cannot fetch "${this.#base.href}": what answers there is no git server`,
      { hint: "Check the address: it must be that of the repository, as git clone takes it" },
    );
  }
}

function withoutSlash(url: URL): URL {
  const base = new URL(url);
  base.pathname = url.pathname.replace(/\/+$/, "");
  return base;
}

function below(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/+$/, "") + path;
  return url;
}

function refused(base: URL, status: number, sent: boolean): DevregError {
  const message = `Cannot fetch "${base.href}": the server answered ${status}`;
  const token = `give a token in ${gitAuthVariable(base.host)}`;
  if (status === 401 || status === 403) {
    const hint = sent ? `Check the credentials for ${base.host}` : `If it is private, ${token}`;
    return new DevregError("UNAUTHORIZED", message, { hint });
  }
  if (status === 404 || status === 410) {
    const hint = `Check the address; if the repository is private, ${token}`;
    return new DevregError("NOT_FOUND", message, { hint });
  }
  return new DevregError("NETWORK", message);
}
