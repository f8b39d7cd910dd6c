import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Serving, startServe } from "./devreg.ts";
import { exchangeRaw } from "./raw-http.ts";
import { devfileText, registryRepository } from "./registry-repository.ts";

/** What no answer may ever hold: it lies beside what is served. */
export const CANARY = "canary-in-a-coal-mine";

/** A server that is attacked, over a registry of one stack, "alpha". */
export interface AttackedServer extends AsyncDisposable {
  readonly server: Serving;
  readonly folder: string;
  /** Sends plain requests and tells whether they are answered as ever. */
  isWell(): Promise<boolean>;
  /** Memory that the process has resident now, in MiB. */
  residentMib(): number;
}

/** Starts a server of an executable with an access log of everything. */
export async function attackedServer(...args: readonly string[]): Promise<AttackedServer> {
  const alpha = { name: "alpha", version: "1.0.0", displayName: "Alpha" };
  const folder = await registryRepository({
    "registry/stacks/alpha/devfile.yaml": devfileText(alpha),
    "registry/stacks/alpha/logo.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "registry/stacks/alpha/Dockerfile": "FROM scratch\n",
    "registry/OWNERS": CANARY,
    "registry/.hidden": CANARY,
    canary: CANARY,
  });
  const path = join(folder.path, "registry");
  const server = await startServe([path, "--access-log=all", ...args]);
  return {
    server,
    folder: folder.path,
    isWell: async () => {
      const [index, health] = await exchangeRaw(
        server.url,
        "GET /index HTTP/1.1\r\nHost: x\r\n\r\n",
      );
      return index?.status === 200 && index.body.includes('"alpha"') && health?.status === 200;
    },
    residentMib: () => {
      const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop("SIGKILL");
      await folder.remove();
    },
  };
}
