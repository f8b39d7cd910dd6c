import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { copyFile, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { indexPack } from "../../../src/generator/fetch/index-pack.ts";
import { git, importRandomHistory, initRepository } from "../../support/git-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

let root: TemporaryFolder;
let repository: string;
beforeEach(async () => {
  root = await temporaryFolder();
  repository = join(root.path, "repository");
  await initRepository(repository);
});
afterEach(() => root.remove());

/** Indexes the only pack of the repository again and expects the bytes that git wrote. */
async function expectIndexOfGit(): Promise<void> {
  const folder = join(repository, ".git/objects/pack");
  const [name = ""] = (await readdir(folder)).filter((each) => each.endsWith(".pack"));
  const base = join(root.path, "copy");
  await copyFile(join(folder, name), `${base}.pack`);
  await indexPack(base, undefined);
  const expected = await readFile(join(folder, name.replace(/pack$/, "idx")));
  expect((await readFile(`${base}.idx`)).equals(expected)).toBe(true);
  await rm(`${base}.pack`);
}

describe("indexPack() writes the bytes that git writes", () => {
  test("for deltas in long chains", async () => {
    importRandomHistory(repository, { seed: 51, commits: 500 });
    git(repository, ["repack", "-adfq", "--depth=200", "--window=50"]);
    await expectIndexOfGit();
  });

  test("for bases named by object", async () => {
    importRandomHistory(repository, { seed: 52, commits: 300 });
    git(repository, ["-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"]);
    await expectIndexOfGit();
  });

  test("for large and for empty objects, compressed or not", async () => {
    const noise = Array.from({ length: 200_000 }, (_, at) => ((at * 7919) % 65_521).toString(36));
    const files = { noise: noise.join(""), twice: noise.join("") + noise.join("x"), empty: "" };
    for (const [name, text] of Object.entries(files)) await Bun.write(join(repository, name), text);
    git(repository, ["add", "-A"]);
    git(repository, ["commit", "-q", "-m", "files"]);
    for (const level of ["0", "9"]) {
      git(repository, ["-c", `pack.compression=${level}`, "repack", "-adFq"]);
      await expectIndexOfGit();
    }
  });
});

test("indexPack() stops when it is interrupted", async () => {
  importRandomHistory(repository, { seed: 53, commits: 300 });
  git(repository, ["repack", "-adfq"]);
  const folder = join(repository, ".git/objects/pack");
  const [name = ""] = (await readdir(folder)).filter((each) => each.endsWith(".pack"));
  const base = join(folder, name.replace(/\.pack$/, ""));
  await expect(indexPack(base, AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
});
