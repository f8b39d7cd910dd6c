import { createSign, randomUUID, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Certificate } from "./certificate.ts";

/** Who may get tokens, and who says so. */
export interface TokenServerOptions {
  readonly service: string;
  readonly issuer: string;
  readonly signer: Certificate;
  readonly username: string;
  readonly password: string;
}

/** A server of tokens that docker-registry accepts. */
export interface TokenServer {
  /** "127.0.0.1:<port>". */
  readonly host: string;
  /** The scopes of each token issued, in order. */
  readonly issued: readonly (readonly string[])[];
  stop(): Promise<void>;
}

/** Starts a token server that gives whoever has the password what is asked for. */
export function startTokenServer(options: TokenServerOptions): TokenServer {
  const issued: string[][] = [];
  const account = Buffer.from(`${options.username}:${options.password}`, "utf8");
  const wanted = `Basic ${account.toString("base64")}`;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      if (request.headers.get("authorization") !== wanted) {
        return Response.json({ details: "incorrect username or password" }, { status: 401 });
      }
      const scopes = new URL(request.url).searchParams.getAll("scope");
      issued.push(scopes);
      return Response.json({ token: signToken(options, scopes), expires_in: 300 });
    },
  });
  return {
    host: `127.0.0.1:${server.port}`,
    issued,
    stop: () => server.stop(true),
  };
}

function signToken(options: TokenServerOptions, scopes: readonly string[]): string {
  const { raw } = new X509Certificate(readFileSync(options.signer.certificate));
  const nowS = Math.floor(Date.now() / 1000);
  const claims = {
    iss: options.issuer,
    aud: options.service,
    sub: options.username,
    jti: randomUUID(),
    nbf: nowS - 10,
    iat: nowS - 10,
    exp: nowS + 300,
    access: scopes.map((scope) => {
      const [type, name, actions = ""] = scope.split(":");
      return { type, name, actions: actions.split(",") };
    }),
  };
  const header = { typ: "JWT", alg: "RS256", x5c: [raw.toString("base64")] };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = `${encode(header)}.${encode(claims)}`;
  const signature = createSign("RSA-SHA256")
    .update(unsigned)
    .sign(readFileSync(options.signer.key))
    .toString("base64url");
  return `${unsigned}.${signature}`;
}
