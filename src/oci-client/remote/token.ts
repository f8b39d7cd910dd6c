import { z } from "zod";
import { readAll, textOf, utf8 } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { TOKEN_BYTES, TOKEN_LIFETIME_MS } from "../../limits.ts";
import type { HttpRequest, HttpResponse, Transport } from "../../net/index.ts";
import { basicAuthorization, type Credential } from "./credential.ts";
import { responseError } from "./response-error.ts";
import type { Scope } from "./scope.ts";

/** What to ask a token server for. */
export interface TokenQuestion {
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scopes: readonly Scope[];
  /** Only when the realm may have it. */
  readonly credential: Credential | undefined;
}

/** A token and how long it is good for. */
export interface Token {
  readonly token: string;
  readonly lifetimeMs: number;
}

const CLIENT_ID = "devreg";
/** How a server answers that has no OAuth2 endpoint. */
const NO_OAUTH = new Set([404, 405, 501]);

const tokenSchema = z.looseObject({
  token: z.string().nullish(),
  access_token: z.string().nullish(),
  expires_in: z.number().nullish(),
});

/**
 * Asks for a token. Spec: distribution, Token Authentication, and its OAuth2 variant for refresh
 * tokens. Never asks for an offline token.
 *
 * @throws {DevregError} UNAUTHORIZED when it is denied; REGISTRY_RESPONSE when there is none in the
 *   answer
 */
export async function fetchToken(send: Transport, question: TokenQuestion): Promise<Token> {
  if (question.credential?.kind === "refresh") {
    const request = oauthRequest(question, question.credential.token);
    const response = await send(request);
    if (!NO_OAUTH.has(response.status)) return readToken(response, request);
    await response.discard();
  }
  const request = tokenRequest(question);
  return readToken(await send(request), request);
}

function tokenRequest({ realm, service, scopes, credential }: TokenQuestion): HttpRequest {
  const url = new URL(realm);
  // Appended by hand: the realm's own query stays byte for byte.
  const query = [
    ...(service === undefined ? [] : [`service=${encodeURIComponent(service)}`]),
    ...scopes.map((scope) => `scope=${encodeURIComponent(scope)}`),
  ].join("&");
  if (query !== "") url.search = url.search === "" ? query : `${url.search}&${query}`;
  return {
    method: "GET",
    url,
    headers:
      credential?.kind === "basic"
        ? { authorization: basicAuthorization(credential.username, credential.password) }
        : {},
  };
}

function oauthRequest(question: TokenQuestion, refreshToken: string): HttpRequest {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: CLIENT_ID,
    refresh_token: refreshToken,
    ...(question.service === undefined ? {} : { service: question.service }),
    ...(question.scopes.length === 0 ? {} : { scope: question.scopes.join(" ") }),
  });
  return {
    method: "POST",
    url: question.realm,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: utf8(form.toString()),
  };
}

async function readToken(response: HttpResponse, request: HttpRequest): Promise<Token> {
  const what = `get a token for ${request.url.host}`;
  if (response.status !== 200) throw await responseError(response, request.method, what);
  const text = textOf(await readAll(response.body, TOKEN_BYTES, `token of ${request.url.host}`));
  const parsed = parse(text);
  const token = parsed?.token || parsed?.access_token;
  if (!token || /[^\x21-\x7e]/.test(token)) {
    throw new DevregError("REGISTRY_RESPONSE", `Cannot ${what}: its answer holds no token`);
  }
  const seconds = parsed?.expires_in ?? 0;
  return { token, lifetimeMs: seconds > 0 ? seconds * 1000 : TOKEN_LIFETIME_MS };
}

function parse(text: string): z.infer<typeof tokenSchema> | undefined {
  try {
    return tokenSchema.parse(JSON.parse(text));
  } catch {
    // No JSON and JSON of another form come to the same: there is no token in it.
    return undefined;
  }
}
