import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ProxyOptions, startCountingProxy } from "../support/counting-proxy.ts";
import { MirrorKiller } from "../support/mirror-killer.ts";
import { runProgram } from "../support/program.ts";
import { registryContent } from "../support/registry-content.ts";
import { openSmallMirror, type SmallMirror } from "../support/small-mirror.ts";
import { until } from "../support/until.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const IMAGES = ["one:1", "two:1", "three:1", "four:1", "five:1"];

async function openMirror(options: ProxyOptions = {}): Promise<SmallMirror> {
  const mirror = await openSmallMirror(options);
  for (const name of IMAGES) await mirror.push(name);
  const stacks = IMAGES.map((name) => [name.replace(":1", ""), [mirror.image(name)]] as const);
  await mirror.write("registry", Object.fromEntries(stacks));
  return mirror;
}

/** Tells whether a killed run left blobs: in the folder, the spool, or the beginning of the tar. */
function keepsBlobs(folder: string, bundle: string): boolean {
  const names = readdirSync(folder, { recursive: true }).map(String);
  const spool = `.${bundle}.spool/`;
  if (names.some((name) => name.startsWith(`${bundle}/blobs/sha256/`))) return true;
  if (names.some((name) => name.startsWith(spool))) return true;
  const partial = names.find((name) => name === `${bundle}.partial`);
  return partial !== undefined && statSync(join(folder, partial)).size > TAR_HEAD_BYTES;
}

/** A tar that is not longer has no blob that has come from a registry. */
const TAR_HEAD_BYTES = 16 * 1024;

const KILLED = { signal: "SIGKILL" };
const SAVE = ["save", "registry", "--base", "none", "--no-executable", "--to"];

describe("devreg mirror save, killed", () => {
  for (const bundle of ["bundle.tar", "bundle"]) {
    test(`ends equal to an undisturbed run when it is run again: ${bundle}`, async () => {
      const killer = new MirrorKiller(
        ({ method, path }) => method === "GET" && path.includes("/blobs/"),
        "SIGKILL",
      );
      await using mirror = await openMirror(killer.options);
      const undisturbed = bundle.replace("bundle", "undisturbed");
      expect(await mirror.run(...SAVE, undisturbed)).toMatchObject({ code: 0 });
      const all = mirror.proxy.requests.filter(({ path }) => path.includes("/blobs/")).length;
      for (const answers of [1, 5]) {
        expect(await killer.run(mirror.folder, [...SAVE, bundle], answers)).toMatchObject(KILLED);
      }
      // What was answered need not have been written yet when the end comes.
      await until("a killed run keeps what it has", async () => {
        const { signal } = await killer.run(mirror.folder, [...SAVE, bundle], 16);
        // One that had kept so much that it came to its end before was not killed any more.
        return signal === null || keepsBlobs(mirror.folder, bundle);
      });
      const before = mirror.proxy.requests.length;
      expect(await mirror.run(...SAVE, bundle)).toMatchObject({ code: 0 });
      const again = mirror.proxy.requests
        .slice(before)
        .filter(({ path }) => path.includes("/blobs/"));
      expect(again.length).toBeLessThan(all);
      await runProgram(["diff", "-r", mirror.at(undisturbed), mirror.at(bundle)]);
      const left = readdirSync(mirror.folder).sort();
      expect(left).toEqual([bundle, "registry", undisturbed].sort());
    });
  }
});

describe("devreg mirror load, killed", () => {
  test("never tags what is not all there, and ends equal to an undisturbed run", async () => {
    const killer = new MirrorKiller(
      ({ method }) => method === "PUT" || method === "POST",
      "SIGKILL",
    );
    await using mirror = await openMirror();
    const { host } = mirror.target;
    const proxy = await startCountingProxy(host, killer.options);
    try {
      expect(await mirror.run(...SAVE, "bundle.tar")).toMatchObject({ code: 0 });
      const load = ["load", "bundle.tar", "--to", `${proxy.host}/m`];
      expect(await mirror.run(...load)).toMatchObject({ code: 0 });
      const undisturbed = await registryContent(host);
      const writes = proxy.requests.filter(({ method }) => method === "PUT").length;
      rmSync(join(mirror.target.dir, "docker"), { recursive: true });
      for (const answers of [1, 9, 17, 8]) {
        expect(await killer.run(mirror.folder, load, answers)).toMatchObject(KILLED);
        // It throws when a tag leads to what is not there.
        const content = await registryContent(host);
        expect(undisturbed).toMatchObject(content);
        const stacks = Object.keys(content).filter((name) => name.includes("/devfile-catalog/"));
        const images = Object.keys(content).filter((name) => name.endsWith(":1"));
        if (stacks.length > 0) expect(images).toHaveLength(IMAGES.length);
      }
      const before = proxy.requests.length;
      expect(await mirror.run(...load)).toMatchObject({ code: 0 });
      const again = proxy.requests.slice(before).filter(({ method }) => method === "PUT");
      expect(again.length).toBeLessThan(writes);
      expect(await registryContent(host)).toEqual(undisturbed);
    } finally {
      await proxy.stop();
    }
  });
});
