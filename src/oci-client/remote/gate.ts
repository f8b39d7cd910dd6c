import type { Transport } from "../../net/index.ts";
import { Lane } from "../lane.ts";

/**
 * Bounds how many requests wait for the headers of their answers at once, per host. Streamed
 * uploads have a lane of their own: what they read may be a download from the same host, which
 * must not wait for them.
 */
export function gated(send: Transport, limit: number): Transport {
  const lanes = new Map<string, Lane>();
  return async (request) => {
    const key = `${typeof request.body === "function" ? "stream" : "small"} ${request.url.host}`;
    const lane = lanes.get(key) ?? new Lane(limit);
    lanes.set(key, lane);
    await lane.enter();
    try {
      return await send(request);
    } finally {
      if (lane.leave()) lanes.delete(key);
    }
  };
}
