import { rm } from "node:fs/promises";
import { type TemporaryFolder, temporaryFolder } from "./temporary-folder.ts";

/** Mounts a file system of that size, so that a test can fill it; needs the rights of root. */
export async function smallVolume(sizeBytes: number): Promise<TemporaryFolder> {
  const { path } = await temporaryFolder();
  await run(["mount", "-t", "tmpfs", "-o", `size=${sizeBytes},mode=0755`, "devreg-test", path]);
  const remove = async () => {
    await run(["umount", path]);
    await rm(path, { recursive: true, force: true });
  };
  return { path, remove, [Symbol.asyncDispose]: remove };
}

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdout: "ignore", stderr: "pipe" });
  const [status, text] = await Promise.all([child.exited, child.stderr.text()]);
  if (status !== 0) throw new Error(`${command.join(" ")}: ${text}`);
}
