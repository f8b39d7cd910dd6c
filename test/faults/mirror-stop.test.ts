import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type CountedRequest, startCountingProxy } from "../support/counting-proxy.ts";
import { MirrorKiller } from "../support/mirror-killer.ts";
import { runProgram } from "../support/program.ts";
import { registryContent } from "../support/registry-content.ts";
import { openSmallMirror, type SmallMirror } from "../support/small-mirror.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const IMAGES = ["one:1", "two:1", "three:1", "four:1", "five:1"];
const FROM = ["registry", "--base", "none"];
const INTERRUPTED = { code: 130, signal: null };

const isBlob = ({ method, path }: CountedRequest) => method === "GET" && path.includes("/blobs/");
const isWrite = ({ method }: CountedRequest) => method === "PUT" || method === "POST";

/** A mirror of five images, told to stop when so much was read; what is temporary is in "tmp". */
async function openMirror(killer?: MirrorKiller): Promise<SmallMirror> {
  const mirror = await openSmallMirror(killer?.options);
  for (const name of IMAGES) await mirror.push(name);
  const stacks = IMAGES.map((name) => [name.replace(":1", ""), [mirror.image(name)]] as const);
  await mirror.write("registry", Object.fromEntries(stacks));
  mkdirSync(mirror.at("tmp"));
  return mirror;
}

/** Runs a command that is told to stop, and looks at how it takes leave. */
async function interrupt(
  killer: MirrorKiller,
  mirror: SmallMirror,
  words: readonly string[],
  answers: number,
): Promise<void> {
  const ended = await killer.run(mirror.folder, words, answers, { TMPDIR: mirror.at("tmp") });
  expect(ended).toMatchObject(INTERRUPTED);
  expect(ended.stderr).toMatch(/: interrupted\nHint: (?:It is safe to run|Run) it again\b.*\n$/);
  expect(ended.stderr).not.toContain("unexpected failure");
  expect(readdirSync(mirror.at("tmp"))).toEqual([]);
}

describe("devreg mirror save, told to stop", () => {
  for (const bundle of ["bundle.tar", "bundle"]) {
    test(`says so, and goes on where it stopped when it is run again: ${bundle}`, async () => {
      const killer = new MirrorKiller(isBlob, "SIGTERM");
      await using mirror = await openMirror(killer);
      const undisturbed = bundle.replace("bundle", "undisturbed");
      const save = ["save", ...FROM, "--no-executable", "--to"];
      expect(await mirror.run(...save, undisturbed)).toMatchObject({ code: 0 });
      const all = mirror.proxy.requests.filter(isBlob).length;
      for (const answers of [12, 1]) await interrupt(killer, mirror, [...save, bundle], answers);
      const before = mirror.proxy.requests.length;
      expect(await mirror.run(...save, bundle)).toMatchObject({ code: 0 });
      expect(mirror.proxy.requests.slice(before).filter(isBlob).length).toBeLessThan(all);
      await runProgram(["diff", "-r", mirror.at(undisturbed), mirror.at(bundle)]);
      const left = readdirSync(mirror.folder).sort();
      expect(left).toEqual([bundle, "registry", "tmp", undisturbed].sort());
    });
  }
});

for (const command of ["load", "copy"]) {
  describe(`devreg mirror ${command}, told to stop`, () => {
    test("says so, leaves no tag of what is not all there, and ends when run again", async () => {
      const killer = new MirrorKiller(isWrite, "SIGTERM");
      await using mirror = await openMirror();
      const { host, dir } = mirror.target;
      const proxy = await startCountingProxy(host, killer.options);
      try {
        const save = await mirror.run("save", ...FROM, "--no-executable", "--to", "bundle.tar");
        expect(save).toMatchObject({ code: 0 });
        const from = command === "load" ? ["bundle.tar"] : FROM;
        const words = [command, ...from, "--to", `${proxy.host}/m`];
        expect(await mirror.run(...words)).toMatchObject({ code: 0 });
        const undisturbed = await registryContent(host);
        const writes = proxy.requests.filter(isWrite).length;
        rmSync(join(dir, "docker"), { recursive: true });
        for (const answers of [1, 9, 8]) {
          await interrupt(killer, mirror, words, answers);
          // It throws when a tag leads to what is not there.
          expect(undisturbed).toMatchObject(await registryContent(host));
        }
        const before = proxy.requests.length;
        expect(await mirror.run(...words)).toMatchObject({ code: 0 });
        expect(proxy.requests.slice(before).filter(isWrite).length).toBeLessThan(writes);
        expect(await registryContent(host)).toEqual(undisturbed);
      } finally {
        await proxy.stop();
      }
    });
  });
}
