import { connect, type Socket } from "node:net";

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A connection that says exactly what it is told to. */
export interface RawConnection extends Disposable {
  readonly socket: Socket;
  send(text: string | Uint8Array): void;
  /** Everything that came so far, each byte one character. */
  received(): string;
  /** Done when the other side closed the connection, or broke it. */
  readonly closed: Promise<void>;
}

/** Opens a connection to a server by its address. */
export async function rawConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = "";
  const closed = Promise.withResolvers<void>();
  socket.setEncoding("latin1").on("data", (chunk) => {
    text += chunk;
  });
  socket.on("close", () => closed.resolve());
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
  });
  // From here on a broken connection is something that tests look at.
  socket.on("error", () => undefined);
  return {
    socket,
    send: (sent) => {
      socket.write(sent);
    },
    received: () => text,
    closed: closed.promise,
    [Symbol.dispose]: () => {
      socket.destroy();
    },
  };
}

/**
 * Sends a text, each character one byte, then one plain request that ends the connection, and gives
 * all answers in order. A server that closes the connection before that gives fewer.
 */
export async function exchangeRaw(url: string, sent: string): Promise<readonly RawAnswer[]> {
  using connection = await rawConnection(url);
  connection.send(Buffer.from(sent, "latin1"));
  connection.send(`GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  await connection.closed;
  return parseAnswers(connection.received(), sent.startsWith("HEAD "));
}

/** Splits what a connection received into answers by their lengths; throws for what is none. */
export function parseAnswers(text: string, firstIsHead = false): readonly RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\r\n\r\n", at);
    const [first = "", ...lines] = text.slice(at, end).split("\r\n");
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1]);
    if (end < 0 || Number.isNaN(status)) throw new Error(`no answer: ${text.slice(at, at + 200)}`);
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const bodiless = firstIsHead && answers.length === 0;
    const length = bodiless ? 0 : Number(headers["content-length"] ?? 0);
    answers.push({ status, headers, body: text.slice(end + 4, end + 4 + length) });
    at = end + 4 + length;
  }
  return answers;
}
