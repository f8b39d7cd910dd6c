import { REMEMBERED_ENTRIES } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import type { Transport } from "../../net/index.ts";
import { BoundedMap } from "./bounded-map.ts";

/**
 * Logs what registries say in Warning headers, each text once. Spec: distribution-spec v1.1,
 * Warnings: only `299 - "text"` is one.
 */
export function warning(send: Transport, log: Logger): Transport {
  const seen = new BoundedMap<string, true>(REMEMBERED_ENTRIES);
  return async (request) => {
    const response = await send(request);
    for (const value of response.headerValues("warning")) {
      const text = /^299 - "((?:[^"\\]|\\.)*)"/.exec(value)?.[1]?.replace(/\\(.)/g, "$1");
      if (text === undefined || seen.get(text)) continue;
      seen.set(text, true);
      log.warn("the registry warns", { registry: request.url.host, warning: text });
    }
    return response;
  };
}
