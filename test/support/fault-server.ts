import { createServer, type Socket } from "node:net";

/** A request as it came in. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What to answer, rightly or wrongly. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Sends so many bytes of the body only, then closes the connection. */
  readonly cutAfter?: number;
  /** Sends the body again and again. */
  readonly endless?: boolean;
  /** Leaves Content-Length out and ends the body by closing the connection. */
  readonly undelimited?: boolean;
}

/** Answers a request; "reset" breaks the connection off instead. */
export type Script = (request: RecordedRequest) => Answer | "reset";

/** A server that misbehaves as it is told and remembers what it was asked. */
export interface FaultServer {
  /** "127.0.0.1:<port>". */
  readonly host: string;
  readonly requests: RecordedRequest[];
  /** How many connections were made so far. */
  connections(): number;
  stop(): Promise<void>;
}

/** Starts a server that answers by a script, on raw sockets so that any fault can be made. */
export async function startFaultServer(script: Script): Promise<FaultServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    let pending: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      pending = Buffer.concat([pending, Buffer.from(chunk)]);
      for (;;) {
        const read = readRequest(pending);
        if (read === undefined) return;
        pending = pending.subarray(read.length);
        requests.push(read.request);
        respond(socket, read.request, script(read.request));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    host: `127.0.0.1:${address.port}`,
    requests,
    connections: () => connections,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Makes a script from answers by "METHOD /path"; the last answer of a list is repeated. */
export function byRoute(routes: Readonly<Record<string, readonly (Answer | "reset")[]>>): Script {
  const asked = new Map<string, number>();
  return ({ method, target }) => {
    const route = `${method} ${target.split("?")[0]}`;
    const count = asked.get(route) ?? 0;
    asked.set(route, count + 1);
    const answers = routes[route] ?? [];
    return answers[Math.min(count, answers.length - 1)] ?? { status: 404 };
  };
}

function readRequest(
  bytes: Buffer,
): { readonly request: RecordedRequest; readonly length: number } | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = end + 4 + Number(headers["content-length"] ?? 0);
  if (bytes.byteLength < length) return undefined;
  const [method = "", target = ""] = first.split(" ");
  const body = Uint8Array.from(bytes.subarray(end + 4, length));
  return { request: { method, target, headers, body }, length };
}

function respond(socket: Socket, request: RecordedRequest, answer: Answer | "reset"): void {
  if (answer === "reset") {
    socket.resetAndDestroy();
    return;
  }
  const body = Buffer.from(answer.body ?? "");
  const bounded = answer.endless !== true && answer.undelimited !== true;
  const headers = {
    ...(bounded ? { "content-length": String(body.byteLength) } : { connection: "close" }),
    ...answer.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${answer.status} Scripted\r\n${lines.join("")}\r\n`);
  if (request.method === "HEAD") return;
  if (answer.endless === true) pour(socket, body);
  else if (answer.cutAfter !== undefined) {
    socket.end(body.subarray(0, answer.cutAfter));
  } else if (answer.undelimited === true) socket.end(body);
  else socket.write(body);
}

/** Writes on and on, as fast as the other side reads. */
function pour(socket: Socket, body: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(body));
  };
  socket.on("drain", more);
  more();
}
