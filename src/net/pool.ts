import { DevregError } from "../errors.ts";
import type { NetOptions, TransportPool } from "./http.ts";

/**
 * Makes a pool of connections, reached directly or through the proxies of the options. The HTTP
 * library behind it is loaded with the first request, because loading costs about 80 ms.
 */
export function createTransportPool(options: NetOptions): TransportPool {
  let opened: Promise<TransportPool> | undefined;
  let closed = false;
  return {
    send: async (request) => {
      if (closed) {
        throw new DevregError("ABORTED", `Cannot reach ${request.url.host}: the pool is closed`);
      }
      opened ??= import("./undici.ts").then(({ openPool }) => openPool(options));
      return (await opened).send(request);
    },
    close: async () => {
      closed = true;
      await (await opened)?.close();
    },
  };
}
