import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";

/** A group of processes that may hold so much memory, and no more. */
export interface MemoryGroup {
  /** "cgroup v1", "cgroup v2" */
  readonly kind: string;
  /** The file that a process writes its id to, to join. */
  readonly join: string;
  /** Gives the most bytes that the group held, and how often it met its limit. */
  peak(): { readonly bytes: number; readonly limitMet: number };
  /** Removes the group, when its processes have ended. */
  remove(): void;
}

const ROOT = "/sys/fs/cgroup";

/** Makes a group with a limit on its memory. @throws where this machine lets nobody do that */
export function memoryGroup(name: string, limitBytes: number): MemoryGroup {
  const isV2 = existsSync(`${ROOT}/cgroup.controllers`);
  const path = isV2 ? `${ROOT}/${name}` : `${ROOT}/memory/${name}`;
  mkdirSync(path, { recursive: true });
  const write = (file: string) => writeFileSync(`${path}/${file}`, String(limitBytes));
  const read = (file: string) => readFileSync(`${path}/${file}`, "utf8");
  if (isV2) write("memory.max");
  else {
    write("memory.limit_in_bytes");
    // Without swap, or the limit would say nothing.
    write("memory.memsw.limit_in_bytes");
  }
  return {
    kind: isV2 ? "cgroup v2" : "cgroup v1",
    join: `${path}/cgroup.procs`,
    peak: () =>
      isV2
        ? {
            bytes: Number(read("memory.peak")),
            limitMet: Number(/^oom_kill (\d+)/m.exec(read("memory.events"))?.[1]),
          }
        : {
            bytes: Number(read("memory.max_usage_in_bytes")),
            limitMet: Number(read("memory.failcnt")),
          },
    remove: () => rmdirSync(path),
  };
}

/**
 * Puts a command where pods run it: a read-only root file system, a uid that nobody knows, no
 * capabilities. Needs root.
 */
export function confined(command: readonly string[], { join }: MemoryGroup): string[] {
  const script = [
    `echo $$ > ${join}`,
    "mount --make-rprivate /",
    "mount -o remount,bind,ro /",
    "cd /",
    'exec setpriv --reuid 12345 --regid 0 --clear-groups --bounding-set -all --no-new-privs "$@"',
  ].join(" && ");
  return ["unshare", "--mount", "sh", "-c", script, "sh", ...command];
}
