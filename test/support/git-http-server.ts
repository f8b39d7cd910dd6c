import { createHash } from "node:crypto";

/** A request for a repository as it came in. */
export interface GitRequest {
  readonly method: string;
  /** The address as it was asked for. */
  readonly url: string;
  /** Path and query. */
  readonly path: string;
  readonly authorization: string | null;
  readonly body: string;
}

/** How repositories are served. */
export interface GitHttpServerOptions {
  /** Who may read; everybody unless told. */
  readonly account?: { readonly username: string; readonly password: string };
  /** Knows nothing of version 2 of the protocol. */
  readonly old?: boolean;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Settings of git: { "uploadpack.allowFilter": "true" }. */
  readonly config?: Readonly<Record<string, string>>;
  /** "host:port" to listen at; a free port of 127.0.0.1 without it. */
  readonly address?: string;
  /** Answers in place of git. */
  readonly intercept?: (
    request: GitRequest,
    headers: Headers,
  ) => Response | undefined | Promise<Response | undefined>;
}

/** A server of the git repositories below a folder. */
export interface GitHttpServer {
  /** "http://<address>:<port>", without a slash at the end. */
  readonly url: string;
  /** "<address>:<port>". */
  readonly host: string;
  readonly requests: readonly GitRequest[];
  /** Digests of the answers to POST requests, to tell that nothing was sent twice. */
  readonly answers: readonly string[];
  stop(): Promise<void>;
}

/** Serves the repositories below a folder by `git http-backend`. */
export function startGitHttpServer(
  folder: string,
  options: GitHttpServerOptions = {},
): GitHttpServer {
  const requests: GitRequest[] = [];
  const answers: string[] = [];
  const [hostname = "", port] = (options.address ?? "127.0.0.1:0").split(":");
  const server = Bun.serve({
    hostname,
    port: Number(port),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    fetch: async (incoming) => {
      const body = Buffer.from(await incoming.arrayBuffer());
      const { pathname, search } = new URL(incoming.url);
      const request = {
        method: incoming.method,
        url: incoming.url,
        path: pathname + search,
        authorization: incoming.headers.get("authorization"),
        body: body.toString("latin1"),
      };
      requests.push(request);
      const other = await options.intercept?.(request, incoming.headers);
      if (other !== undefined) return other;
      const { account } = options;
      if (account !== undefined && request.authorization !== basic(account)) {
        const headers = { "www-authenticate": 'Basic realm="git"' };
        return new Response("who are you?", { status: 401, headers });
      }
      const answer = await runBackend(folder, incoming, body, options);
      if (incoming.method === "POST") answers.push(digest(await answer.clone().bytes()));
      return answer;
    },
  });
  return {
    url: `${options.tls === undefined ? "http" : "https"}://${hostname}:${server.port}`,
    host: `${hostname}:${server.port}`,
    requests,
    answers,
    stop: () => server.stop(true),
  };
}

async function runBackend(
  folder: string,
  request: Request,
  body: Buffer,
  { old, config = {} }: GitHttpServerOptions,
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const settings = Object.entries({ "safe.directory": "*", ...config });
  const child = Bun.spawn(["git", "http-backend"], {
    env: {
      PATH: "/usr/bin:/bin",
      HOME: "/nonexistent",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      REQUEST_METHOD: request.method,
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers.get("content-type") ?? "",
      CONTENT_LENGTH: String(body.byteLength),
      HTTP_GIT_PROTOCOL: old === true ? "" : (request.headers.get("git-protocol") ?? ""),
      GIT_CONFIG_COUNT: String(settings.length),
      ...Object.fromEntries(
        settings.flatMap(([key, value], at) => [
          [`GIT_CONFIG_KEY_${at}`, key],
          [`GIT_CONFIG_VALUE_${at}`, value],
        ]),
      ),
    },
    stdin: body,
    stdout: "pipe",
    stderr: "ignore",
  });
  const output = Buffer.from(await child.stdout.bytes());
  const end = output.indexOf("\r\n\r\n");
  const headers = new Headers();
  let status = 200;
  for (const line of output.toString("latin1", 0, Math.max(0, end)).split("\r\n")) {
    const [name = "", value = ""] = line.split(": ", 2);
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else if (name !== "") headers.set(name, value);
  }
  return new Response(output.subarray(end + 4), { status, headers });
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
