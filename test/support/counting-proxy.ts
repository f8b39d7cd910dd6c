/** One request that went through a counting proxy. */
export interface CountedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
}

/** A proxy in front of a registry that notes what is asked. */
export interface CountingProxy {
  readonly host: string;
  readonly requests: readonly CountedRequest[];
  /** How many bytes the bodies of all answers had. */
  readonly answeredBytes: () => number;
  /** Resolves at the first request that is neither GET nor HEAD. */
  readonly firstWrite: Promise<void>;
  stop(): Promise<void>;
}

/** What a counting proxy does to requests beside passing them on. */
export interface ProxyOptions {
  /** Holds each request back for a while. */
  readonly delayMs?: number;
  /** Answers in place of the registry; `seen` counts equal requests before this one. */
  readonly fault?: (request: CountedRequest, seen: number) => Response | undefined;
  /** Is told of each answer of the registry before it is passed on. */
  readonly answered?: (request: CountedRequest) => void;
}

/** Starts a proxy in front of a registry. */
export async function startCountingProxy(
  upstream: string,
  options: ProxyOptions = {},
): Promise<CountingProxy> {
  const requests: CountedRequest[] = [];
  const firstWrite = Promise.withResolvers<void>();
  let answeredBytes = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      const counted = { method: request.method, path: pathname + search };
      const seen = requests.filter(
        ({ method, path }) => method === counted.method && path === counted.path,
      ).length;
      requests.push(counted);
      if (request.method !== "GET" && request.method !== "HEAD") firstWrite.resolve();
      if (options.delayMs !== undefined) await Bun.sleep(options.delayMs);
      const fault = options.fault?.(counted, seen);
      if (fault !== undefined) {
        await request.arrayBuffer();
        return fault;
      }
      const headers = new Headers(request.headers);
      headers.set("host", `${server.hostname}:${server.port}`);
      headers.set("accept-encoding", "identity");
      const answer = await fetch(`http://${upstream}${pathname}${search}`, {
        method: request.method,
        headers,
        redirect: "manual",
        ...(request.body === null ? {} : { body: await request.arrayBuffer() }),
      });
      const copied = new Headers(answer.headers);
      const body = request.method === "HEAD" ? null : await answer.arrayBuffer();
      answeredBytes += body?.byteLength ?? 0;
      options.answered?.(counted);
      return new Response(body, {
        status: answer.status,
        headers: copied,
      });
    },
  });
  return {
    host: `127.0.0.1:${server.port}`,
    requests,
    answeredBytes: () => answeredBytes,
    firstWrite: firstWrite.promise,
    stop: () => server.stop(true),
  };
}
