import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { devregBinary, type Finished } from "../support/devreg.ts";
import {
  followOffline,
  type OutsideNetwork,
  openOutsideNetwork,
  unpack,
} from "../support/offline-registry.ts";
import { type OfflineSample, offlineSample } from "../support/offline-sample.ts";
import { runProgram } from "../support/program.ts";
import { registryRepository } from "../support/registry-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

// Whole processes in networks of their own, on a busy machine.
setDefaultTimeout(60_000);

const PUBLIC = "http://devfiles.internal:8080";
let work: TemporaryFolder;
let sample: OfflineSample;
let repository: TemporaryFolder;
let outside: OutsideNetwork;

beforeAll(async () => {
  work = await temporaryFolder();
  sample = await offlineSample(join(work.path, "world"));
  repository = await registryRepository(sample.files);
  outside = await openOutsideNetwork(sample.world, join(work.path, "network"));
});
afterAll(async () => {
  await outside.close();
  await repository.remove();
  await work.remove();
});

function generate(output: string, ...flags: string[]): Promise<Finished> {
  const command = [devregBinary(), "generate", repository.path, "-o", join(work.path, output)];
  return outside.run([...command, "--offline", "--ca-file", outside.caFile, ...flags]);
}

/** What a build says, without the folder that it was made from. */
function infoOf(output: string) {
  return JSON.parse(readFileSync(join(work.path, output, "build.json"), "utf8"));
}

describe("devreg generate --offline", () => {
  test("brings all that clients follow, and serve needs nothing else", async () => {
    const run = await generate("build", "--public-url", PUBLIC);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("offline: 7 projects stored, 2 parents at the registry, 1 made");
    const build = join(work.path, "build");
    const { followed, outNoRoutes } = await followOffline([devregBinary(), "serve", build], PUBLIC);
    expect(outNoRoutes).toBe(0);
    const archives = followed.filter(({ content }) => content !== undefined);
    const found = new Set(archives.map(({ from }) => from));
    expect([...found].sort()).toEqual(Object.keys(sample.trees).sort());
    for (const [at, archive] of archives.entries()) {
      const tree = await unpack(archive, join(work.path, `unpacked-${at}`));
      expect(tree).toEqual(sample.trees[archive.from] ?? {});
    }
    const icons = new Set(
      followed.flatMap(({ kind, sha256 }) => (kind === "icon" ? [sha256] : [])),
    );
    const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    expect([...icons].sort()).toEqual(sample.icons.map(digest).sort());
    expect(followed.filter(({ kind }) => kind === "parent").map(({ url }) => url)).toEqual([
      `${PUBLIC}/devfiles/go/1.10.0`,
      `${PUBLIC}/devfiles/go`,
    ]);
    const documents = followed.filter(({ kind }) => kind === "document");
    expect(documents.map(({ from }) => from).sort()).toEqual([
      "basic/1.0.0 deploy",
      "plain/1.0.0",
      "plain/1.0.0 alpha.build-dockerfile",
    ]);
    expect(followed.every(({ url }) => url.startsWith(`${PUBLIC}/`))).toBe(true);
  });

  test("gives the same bytes twice", async () => {
    for (const output of ["one", "two"]) {
      expect((await generate(output, "--public-url", PUBLIC)).code).toBe(0);
    }
    await runProgram(["diff", "-r", join(work.path, "one"), join(work.path, "two")]);
  });

  test("gives a build that serve moves to another public URL", async () => {
    expect((await generate("nameless")).code).toBe(0);
    expect(infoOf("nameless").offline).toMatchObject({ restOnly: 10 });
    const other = "http://other.internal:8081";
    const flags = [join(work.path, "nameless"), "--public-url", other];
    const { followed } = await followOffline([devregBinary(), "serve", ...flags], other);
    const starters = followed.filter(({ kind }) => kind === "starter");
    expect(starters.length).toBeGreaterThan(6);
    expect(starters.every(({ url }) => url.startsWith(`${other}/s`))).toBe(true);
  });

  test("refuses without writing when something is gone, and counts it by force", async () => {
    const broken = join(work.path, "broken");
    cpSync(repository.path, broken, { recursive: true });
    const path = join(broken, "stacks/go/1.10.0/devfile.yaml");
    await Bun.write(path, readFileSync(path, "utf8").replaceAll("group/web.git", "group/gone.git"));
    const output = join(work.path, "refused");
    const command = [devregBinary(), "generate", broken, "-o", output, "--offline"];
    const flags = ["--ca-file", outside.caFile, "--public-url", PUBLIC];
    const refused = await outside.run([...command, ...flags]);
    expect(refused.code).toBe(2);
    expect(refused.stdout).toContain("stacks/go/1.10.0/devfile.yaml");
    expect(refused.stdout).toContain("starter-unreachable");
    expect(existsSync(output)).toBe(false);
    const forced = await outside.run([...command, ...flags, "--force"]);
    expect(forced.code).toBe(2);
    expect(forced.stdout).toContain("left out: stacks/go/1.10.0\n");
    expect(forced.stdout).toContain("left out: stacks/derived\n");
    expect(existsSync(join(output, "stacks/go/2.33.0/part-offline.zip"))).toBe(true);
    expect(existsSync(join(output, "stacks/go/1.10.0"))).toBe(false);
  });

  test("takes no flags that contradict it", async () => {
    const contradictions = [["--no-network"], ["--parents", "registry"]];
    for (const flags of contradictions) {
      const { code, stderr } = await generate("none", ...flags);
      expect(code).toBe(1);
      expect(stderr).toContain("Cannot");
    }
  });
});
