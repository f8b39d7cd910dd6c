import type { Logger } from "../../log.ts";
import { OTHER_INDEX_BYTES, OTHER_INDEX_TIMEOUT_MS } from "../../viewer-limits.ts";
import type { ProcessEdge } from "../edge.ts";
import type { ServeConfig } from "./modes.ts";
import { RegistriesBeside } from "./registries-beside.ts";

/** Prepares to ask the other registries of the viewer, if any are listed; nothing is sent yet. */
export function openBeside(
  edge: ProcessEdge,
  config: ServeConfig,
  log: Logger,
  closing: AsyncDisposableStack,
): RegistriesBeside | undefined {
  const { devfileRegistries: listed, headless, listen, publicUrl, caFile } = config;
  if (listed === undefined || headless) return undefined;
  let opened: ReturnType<typeof open> | undefined;
  const open = async () => {
    const [{ openPool }, net] = await Promise.all([
      import("../connect.ts"),
      import("../../net/index.ts"),
    ]);
    const pool = await openPool(edge, { caFile });
    closing.defer(() => pool.close());
    return { pool, net };
  };
  return new RegistriesBeside({
    edge,
    listed,
    here: (address) => isHere(address, listen.port, publicUrl),
    fetch: async (address) => {
      opened ??= open();
      const { pool, net } = await opened;
      const { bytes } = await net.fetchBytes(pool.send, address, {
        limitBytes: OTHER_INDEX_BYTES,
        timeoutMs: OTHER_INDEX_TIMEOUT_MS,
        what: `index of ${address.origin}`,
        signal: edge.stopped,
      });
      return bytes;
    },
    log,
  });
}

/** Today's chart lists the index server of the same pod by its loopback address. */
function isHere(address: URL, port: number, publicUrl: string | undefined): boolean {
  if (publicUrl !== undefined && address.href.replace(/\/+$/, "") === publicUrl) return true;
  const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(address.hostname);
  return loopback && Number(address.port || "80") === port;
}
