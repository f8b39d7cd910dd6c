import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeCertificate } from "./certificate.ts";
import { type Finished, runFinished } from "./finished.ts";
import { type NetworkNamespace, openNetworkNamespace } from "./network-namespace.ts";
import type { OutsideWorld, ProjectFiles } from "./outside-world.ts";
import { runProgram } from "./program.ts";
import type { Followed, FollowedAll } from "./strict-client.ts";

const SUPPORT = import.meta.dir;

/** A network in which the hosts of an OutsideWorld answer under their names, and nothing else does. */
export interface OutsideNetwork {
  /** Runs a command there to its end; the certificate to trust is CA_FILE in its environment. */
  run(command: readonly string[]): Promise<Finished>;
  readonly caFile: string;
  close(): Promise<void>;
}

/** Opens the network of a world; `folder` takes its certificate. */
export async function openOutsideNetwork(
  world: OutsideWorld,
  folder: string,
): Promise<OutsideNetwork> {
  mkdirSync(folder, { recursive: true });
  await world.save();
  const { certificate, key } = makeCertificate(folder, world.hosts);
  const network = await openNetworkNamespace({ aliases: world.hosts });
  const script = join(SUPPORT, "outside-server.ts");
  const command = [process.execPath, script, world.folder, certificate, key];
  const server = Bun.spawn(network.inside(command), { stdout: "pipe", stderr: "inherit" });
  const { value } = await server.stdout.getReader().read();
  if (new TextDecoder().decode(value).trim() !== "ready") throw new Error("no outside world");
  return {
    caFile: certificate,
    run: (inside) => runFinished(network.inside(inside)),
    close: async () => {
      server.kill();
      await server.exited;
      await network.close();
    },
  };
}

/**
 * Serves a build where there is loopback alone, and follows all its addresses there as the
 * strictest clients do. `flags` go to serve; `publicUrl` is what it is reached at.
 */
export async function followOffline(
  serve: readonly string[],
  publicUrl: string,
): Promise<FollowedAll> {
  const { hostname, port } = new URL(publicUrl);
  const network = await openNetworkNamespace({ aliases: [hostname] });
  try {
    await using _served = await startServer(network, [
      ...serve,
      `--listen=0.0.0.0:${port || 80}`,
      "--metrics-listen=off",
    ]);
    return await follow(network, publicUrl);
  } finally {
    await network.close();
  }
}

/** Starts a server in a network, and resolves once it says something. It is disposed of by force. */
export async function startServer(
  network: NetworkNamespace,
  command: readonly string[],
): Promise<AsyncDisposable> {
  const server = Bun.spawn(network.inside(command), { stdout: "pipe", stderr: "pipe" });
  const { value } = await server.stdout.getReader().read();
  if (value === undefined) throw new Error(`serve ended: ${await server.stderr.text()}`);
  return {
    [Symbol.asyncDispose]: async () => {
      // In a container it is the child of what was started, and outlives it.
      const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8");
      for (const child of children.split(" ").filter(Boolean))
        process.kill(Number(child), "SIGKILL");
      server.kill("SIGKILL");
      await server.exited;
    },
  };
}

/** Follows all addresses of the registry at a URL as the strictest clients do. */
export async function follow(network: NetworkNamespace, publicUrl: string): Promise<FollowedAll> {
  const client = [process.execPath, join(SUPPORT, "strict-client.ts"), publicUrl];
  // The program's own answer: it printed what its type says.
  return JSON.parse(await runProgram(network.inside(client))) as FollowedAll;
}

/** Unpacks an archive with unzip, and takes away the folder that holds everything. */
export async function unpack(archive: Followed, folder: string): Promise<ProjectFiles> {
  mkdirSync(folder, { recursive: true });
  const zip = join(folder, "archive.zip");
  await writeFile(zip, Buffer.from(archive.content ?? "", "base64"));
  const target = join(folder, "unpacked");
  await runProgram(["unzip", "-q", "-o", zip, "-d", target]);
  const tops = readdirSync(target);
  const [top = ""] = tops;
  if (tops.length !== 1) throw new Error(`${archive.from}: ${tops.length} names at the top`);
  return readFiles(join(target, top));
}

/** Reads a folder the way ProjectFiles has it. */
export function readFiles(folder: string): ProjectFiles {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = names.flatMap((name) => {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return [[name, `-> ${readlinkSync(path)}`] as const];
    return stat.isFile() ? [[name, readFileSync(path, "utf8")] as const] : [];
  });
  return Object.fromEntries(files);
}
