import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../../src/oci-client/index.ts";
import { type DockerRegistry, startDockerRegistry } from "./docker-registry.ts";
import { type Finished, runFinished } from "./finished.ts";
import { type NetworkNamespace, openNetworkNamespace } from "./network-namespace.ts";
import { runProgram } from "./program.ts";

/** A network with nothing but loopback, in which a registry runs under a name of its own. */
export interface IsolatedRegistry {
  readonly network: NetworkNamespace;
  readonly registry: DockerRegistry;
  /** What it was asked, a line for each request. */
  readonly accessLog: string;
  /** Runs a command there to its end. */
  run(command: readonly string[]): Promise<Finished>;
  /** Runs a command there that has to succeed, and gives its standard output. */
  must(command: readonly string[]): Promise<string>;
  /** How many packets wanted out so far. */
  outNoRoutes(): Promise<number>;
  close(): Promise<void>;
}

/** The registry of an isolated network. */
export const INTERNAL = "registry.internal:5000";

/** Opens an isolated network in which `names` mean this machine, too; a folder takes the log. */
export async function openIsolatedRegistry(
  folder: string,
  names: readonly string[],
): Promise<IsolatedRegistry> {
  mkdirSync(folder, { recursive: true });
  const network = await openNetworkNamespace({ aliases: ["registry.internal", ...names] });
  const accessLog = join(folder, "accesses.log");
  const { inside } = network;
  const registry = await startDockerRegistry({ inside, address: "127.0.0.1:5000", accessLog });
  const must = (command: readonly string[]) => runProgram(inside(command));
  const counter = [process.execPath, join(import.meta.dir, "out-no-routes.ts")];
  return {
    ...{ network, registry, accessLog, must },
    run: (command) => runFinished(inside(command)),
    outNoRoutes: async () => Number(await must(counter)),
    close: async () => {
      await registry.stop();
      await network.close();
    },
  };
}

/** Pulls an image with all its platforms as skopeo does, and gives the digest of its root. */
export async function skopeoPull(
  { must }: Pick<IsolatedRegistry, "must">,
  image: string,
  folder: string,
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const flags = ["--all", "--preserve-digests", "--src-tls-verify=false", "--quiet"];
  await must([
    "skopeo",
    "--insecure-policy",
    "copy",
    ...flags,
    `docker://${image}`,
    `dir:${folder}`,
  ]);
  return digestOf(await readFile(join(folder, "manifest.json")));
}
