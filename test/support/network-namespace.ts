/** A network of its own, with nothing but loopback, where fixed ports are free. */
export interface NetworkNamespace {
  /** Puts a command into the namespace. */
  readonly inside: (command: readonly string[]) => string[];
  close(): Promise<void>;
}

/** Makes a network namespace; it lasts as long as the process that holds it. */
export async function openNetworkNamespace(): Promise<NetworkNamespace> {
  const map = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const holder = Bun.spawn(
    ["unshare", "--net", ...map, "sh", "-c", "ip link set lo up && echo up && exec sleep 3600"],
    { stdout: "pipe", stderr: "inherit" },
  );
  const { value } = await holder.stdout.getReader().read();
  if (new TextDecoder().decode(value).trim() !== "up") throw new Error("no network namespace");
  const user = map.length === 0 ? [] : ["--user", "--preserve-credentials"];
  return {
    inside: (command) => ["nsenter", ...user, "--net", "-t", String(holder.pid), ...command],
    close: async () => {
      holder.kill();
      await holder.exited;
    },
  };
}
