import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";

/** A registry of one blob, as large as is wanted, that is held nowhere. */
export interface BigBlobRegistry {
  /** "127.0.0.1:<port>". */
  readonly host: string;
  /** Where the blob is: "/v2/apps/big/blobs/sha256:…". */
  readonly path: string;
  readonly digest: string;
  readonly size: number;
  stop(): Promise<void>;
}

const BLOCK = 1024 * 1024;

/** Starts a registry with a blob of so many MiB; its digest is true. */
export async function startBigBlobRegistry(mib: number): Promise<BigBlobRegistry> {
  const block = Buffer.alloc(BLOCK);
  for (let at = 0; at < BLOCK; at++) block[at] = (at * 31 + (at >> 8)) & 0xff;
  const hash = createHash("sha256");
  for (let count = 0; count < mib; count++) hash.update(block);
  const digest = `sha256:${hash.digest("hex")}`;
  const size = mib * BLOCK;
  const path = `/v2/apps/big/blobs/${digest}`;
  const server = createServer((request, response) => {
    if (request.url === "/v2/") return response.end("{}");
    if (request.url !== path) return response.writeHead(404).end('{"errors":[]}');
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-length": size,
      "docker-content-digest": digest,
    });
    if (request.method === "HEAD") return response.end();
    return pour(response, block, mib);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    host: `127.0.0.1:${address.port}`,
    path,
    digest,
    size,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function pour(response: ServerResponse, block: Buffer, times: number): void {
  let left = times;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(block)) return;
    }
    response.end();
  };
  response.on("drain", more);
  more();
}
