import { describe, expect, test } from "bun:test";
import { cacheProjects } from "../../../src/cli/serve/project-cache.ts";
import { DevregError } from "../../../src/errors.ts";
import type { GitProjectSource, OpenedProject } from "../../../src/generator/fetch/index.ts";
import { FETCH_RETRY_MS, PROJECT_CACHE_BYTES } from "../../../src/limits.ts";

const SOURCE: GitProjectSource = { kind: "git", remotes: { origin: "https://git.example.com/a" } };

/** A world with one project, which counts how often it was asked. */
function world(totalBytes = 1) {
  const seen = { opened: 0, read: 0, closed: 0 };
  let nowMs = 0;
  let away = false;
  const provenance = { kind: "zip", url: "https://git.example.com/a", sha256: "" } as const;
  const open = async (): Promise<OpenedProject> => {
    seen.opened += 1;
    if (away) throw new DevregError("NETWORK", "Cannot reach git.example.com");
    return {
      read: async () => {
        seen.read += 1;
        return { tree: { entries: [], totalBytes }, provenance };
      },
      close: async () => {
        seen.closed += 1;
      },
    };
  };
  return {
    seen,
    cached: cacheProjects(open, () => nowMs),
    wait: (ms: number) => {
      nowMs += ms;
    },
    goAway: (gone: boolean) => {
      away = gone;
    },
  };
}

async function readOnce(cached: ReturnType<typeof world>["cached"], subDir?: string) {
  const project = await cached({ ...SOURCE, ...(subDir === undefined ? {} : { subDir }) });
  try {
    return await project.read(subDir);
  } finally {
    await project.close();
  }
}

describe("cacheProjects()", () => {
  test("asks once for what is read again and again", async () => {
    const { cached, seen } = world();
    for (let reading = 0; reading < 3; reading++) await readOnce(cached);
    expect(seen).toEqual({ opened: 1, read: 1, closed: 1 });
  });

  test("tells folders of one project apart", async () => {
    const { cached, seen } = world();
    for (const subDir of [undefined, "a", "b", "a"]) await readOnce(cached, subDir);
    expect(seen.read).toBe(3);
  });

  test("asks again for what failed, but not at once", async () => {
    const { cached, seen, wait, goAway } = world();
    goAway(true);
    for (let reading = 0; reading < 3; reading++) {
      await expect(readOnce(cached)).rejects.toMatchObject({ code: "NETWORK" });
    }
    expect(seen.opened).toBe(1);
    goAway(false);
    wait(FETCH_RETRY_MS + 1);
    await readOnce(cached);
    expect(seen).toEqual({ opened: 2, read: 1, closed: 1 });
  });

  test("does not remember more than it may hold", async () => {
    const { cached, seen } = world(PROJECT_CACHE_BYTES / 2 + 1);
    await readOnce(cached, "kept");
    await readOnce(cached, "too much");
    await readOnce(cached, "kept");
    await readOnce(cached, "too much");
    expect(seen.read).toBe(3);
  });
});
