import { describe, expect, test } from "bun:test";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ioError,
  makeFolder,
  syncFolder,
  systemCode,
  writeFileAtomic,
  writeNewFile,
} from "../src/atomic-file.ts";
import { type ByteStream, streamOf, utf8 } from "../src/bytes.ts";
import { DevregError } from "../src/errors.ts";
import { smallVolume } from "./support/small-volume.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

describe("writeFileAtomic()", () => {
  test("writes bytes and streams, with the mode asked for", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "file");
    await writeFileAtomic(path, utf8("bytes"), { mode: 0o600 });
    expect(await readFile(path, "utf8")).toBe("bytes");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await writeFileAtomic(path, () => streamOf(utf8("str"), utf8(""), utf8("eam")));
    expect(await readFile(path, "utf8")).toBe("stream");
    expect(await readdir(folder.path)).toEqual(["file"]);
  });

  test("keeps the old content, and nothing unfinished, when the stream fails", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "file");
    await writeFileAtomic(path, utf8("old"));
    const failing = async function* (): ByteStream {
      yield utf8("ne");
      throw new DevregError("NETWORK", "Cannot read: it broke off");
    };
    await expect(writeFileAtomic(path, failing)).rejects.toMatchObject({ code: "NETWORK" });
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder.path)).toEqual(["file"]);
  });

  test("shows readers the old content until the new one is whole", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "file");
    await writeFileAtomic(path, utf8("old"));
    const seen: string[] = [];
    const content = async function* (): ByteStream {
      for (const text of ["n", "e", "w"]) {
        yield utf8(text);
        seen.push(await readFile(path, "utf8"));
      }
    };
    await writeFileAtomic(path, content);
    expect(seen).toEqual(["old", "old", "old"]);
    expect(await readFile(path, "utf8")).toBe("new");
  });

  test("side by side on one path leaves one of the contents, whole", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "file");
    const texts = ["a", "b", "c", "d"].map((letter) => letter.repeat(50_000));
    await Promise.all(texts.map((text) => writeFileAtomic(path, utf8(text))));
    expect(texts).toContain(await readFile(path, "utf8"));
    expect(await readdir(folder.path)).toEqual(["file"]);
  });

  test("replaces a link instead of writing through it", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "precious"), "precious");
    await symlink("precious", join(folder.path, "link"));
    await writeFileAtomic(join(folder.path, "link"), utf8("new"));
    expect(await readFile(join(folder.path, "precious"), "utf8")).toBe("precious");
  });

  test("keeps the unfinished file where it is told to", async () => {
    await using folder = await temporaryFolder();
    const partial = join(folder.path, "partial");
    await mkdir(partial);
    const names: string[] = [];
    const content = async function* (): ByteStream {
      yield utf8("x");
      names.push(...(await readdir(partial)), ...(await readdir(folder.path)));
    };
    await writeFileAtomic(join(folder.path, "file"), content, { temporaryFolder: partial });
    expect(names).toEqual([expect.stringMatching(/^\.file\..+\.partial$/), "partial"]);
    expect(await readdir(partial)).toEqual([]);
  });

  test("says what to do when the disk is full, and keeps the old content", async () => {
    await using volume = await smallVolume(256 * 1024);
    const path = join(volume.path, "file");
    await writeFileAtomic(path, utf8("old"));
    await expect(writeFileAtomic(path, new Uint8Array(1_000_000))).rejects.toMatchObject({
      code: "IO",
      message: expect.stringMatching(/^Cannot write ".*file": no space left on device$/),
      hint: expect.stringContaining("Free space"),
    });
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(volume.path)).toEqual(["file"]);
  });

  test("fails with IO when the folder is missing", async () => {
    await using folder = await temporaryFolder();
    const write = writeFileAtomic(join(folder.path, "absent/file"), utf8("x"));
    await expect(write).rejects.toMatchObject({ code: "IO" });
  });
});

describe("writeNewFile()", () => {
  test("refuses to touch a file that is there", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "file");
    await writeNewFile(path, utf8("first"));
    await expect(writeNewFile(path, utf8("second"))).rejects.toMatchObject({ code: "IO" });
    expect(await readFile(path, "utf8")).toBe("first");
  });
});

describe("folders", () => {
  test("makeFolder() makes all that is missing and takes what is there", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "a/b/c");
    await makeFolder(path);
    await makeFolder(path);
    await syncFolder(path);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  test("a missing folder cannot be synced, a file is no place for a folder", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "file"), "");
    const absent = syncFolder(join(folder.path, "absent"));
    await expect(absent).rejects.toMatchObject({ code: "IO" });
    const below = makeFolder(join(folder.path, "file/below"));
    await expect(below).rejects.toMatchObject({ code: "IO" });
  });
});

describe("ioError()", () => {
  test("passes errors on that are not the system's", () => {
    const own = new DevregError("NOT_FOUND", "Cannot find x: gone");
    const bug = new TypeError("undefined is not a function");
    expect(ioError("write", "x", own)).toBe(own);
    expect(ioError("write", "x", bug)).toBe(bug);
    expect(systemCode(bug)).toBeUndefined();
    expect(systemCode(Object.assign(new Error("x"), { code: "ENOENT" }))).toBe("ENOENT");
  });

  for (const code of ["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EMFILE"]) {
    test(`has a hint for ${code}`, () => {
      const error = ioError("write", "/x", Object.assign(new Error(`${code}: no`), { code }));
      expect(error).toMatchObject({ code: "IO", message: 'Cannot write "/x": no' });
      expect(error).toHaveProperty("hint", expect.stringMatching(/^[A-Z].+[^.]$/));
    });
  }
});
