import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A network of its own, with nothing but loopback, where fixed ports are free. */
export interface NetworkNamespace {
  /** Puts a command into the namespace. */
  readonly inside: (command: readonly string[]) => string[];
  close(): Promise<void>;
}

/** How a network differs from the plain one. */
export interface NetworkNamespaceOptions {
  /** Names that mean 127.0.0.1 inside; they stay unknown outside. */
  readonly aliases?: readonly string[];
}

/** Makes a network namespace; it lasts as long as the process that holds it. */
export async function openNetworkNamespace({
  aliases = [],
}: NetworkNamespaceOptions = {}): Promise<NetworkNamespace> {
  const folder = await mkdtemp(join(tmpdir(), "devreg-namespace-"));
  const hosts = join(folder, "hosts");
  await writeFile(hosts, ["localhost", ...aliases].map((name) => `127.0.0.1 ${name}\n`).join(""));
  const map = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const setUp = `mount --bind ${hosts} /etc/hosts && ip link set lo up && echo up && exec sleep 3600`;
  const holder = Bun.spawn(["unshare", "--net", "--mount", ...map, "sh", "-c", setUp], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const { value } = await holder.stdout.getReader().read();
  if (new TextDecoder().decode(value).trim() !== "up") throw new Error("no network namespace");
  const user = map.length === 0 ? [] : ["--user", "--preserve-credentials"];
  const enter = ["nsenter", ...user, "--net", "--mount", "-t", String(holder.pid)];
  return {
    inside: (command) => [...enter, ...command],
    close: async () => {
      holder.kill();
      await holder.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
