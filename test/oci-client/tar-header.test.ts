import { describe, expect, test } from "bun:test";
import { open } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { utf8 } from "../../src/bytes.ts";
import { openTarLayout } from "../../src/oci-client/index.ts";
import {
  formatTarHeader,
  isTarBlock,
  parsePax,
  parseTarHeader,
  TAR_BLOCK,
} from "../../src/oci-client/tar-header.ts";
import { runProgram } from "../support/program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const NINE_GIB = 9 * 1024 ** 3;

describe("formatTarHeader()", () => {
  test("writes what parseTarHeader() reads", () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9._/-]{1,100}$/);
    const size = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    const mode = fc.integer({ min: 0, max: 0o777 });
    fc.assert(
      fc.property(name, size, mode, fc.constantFrom("0", "5"), (...[name, size, mode, type]) => {
        const header = { name, size, mode, type };
        const block = formatTarHeader(header);
        expect(block.byteLength).toBe(TAR_BLOCK);
        expect(parseTarHeader(block)).toEqual(header);
      }),
    );
  });

  test("has no date, owner or name of one", () => {
    const block = formatTarHeader({ name: "a", size: 1, mode: 0o644, type: "0" });
    const text = Buffer.from(block).toString("latin1");
    expect(text.slice(108, 124)).toBe("0000000\0".repeat(2));
    expect(text.slice(136, 148)).toBe("00000000000\0");
    expect(text.slice(265, 329)).toBe("\0".repeat(64));
  });

  test("gives names that do not fit to GNU tar whole", async () => {
    await using folder = await temporaryFolder();
    const names = [`${"deep/".repeat(30)}file`, "ein Name mit Ümläuten", `x${"y".repeat(99)}`];
    const headers = names.map((name) => formatTarHeader({ name, size: 0, mode: 0o644, type: "0" }));
    const path = join(folder.path, "names.tar");
    await Bun.write(path, Buffer.concat([...headers, new Uint8Array(1024)]));
    const listed = await runProgram(["tar", "--quoting-style=literal", "-tf", path]);
    expect(listed.trimEnd().split("\n")).toEqual(names);
  });

  test("gives sizes over 8 GiB to GNU tar and to ourselves", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "large.tar");
    const file = await open(path, "w");
    const header = (name: string, size: number) =>
      formatTarHeader({ name, size, mode: 0o644, type: "0" });
    await file.write(header("large", NINE_GIB), 0, TAR_BLOCK, 0);
    const layout = '{"imageLayoutVersion":"1.0.0"}';
    const rest = Buffer.concat([
      header("oci-layout", layout.length),
      utf8(layout.padEnd(TAR_BLOCK, "\0")),
      header("index.json", 34),
      utf8('{"schemaVersion":2,"manifests":[]}'.padEnd(TAR_BLOCK, "\0")),
      new Uint8Array(2 * TAR_BLOCK),
    ]);
    await file.write(rest, 0, rest.byteLength, TAR_BLOCK + NINE_GIB);
    await file.close();
    const listed = await runProgram(["tar", "-tvf", path]);
    expect(listed.split("\n")[0]).toMatch(new RegExp(`${NINE_GIB} .* large$`));
    expect(listed.trimEnd().split("\n")).toHaveLength(3);
    await using registry = await openTarLayout(path);
    expect(await registry.files.stat("large")).toEqual({
      name: "large",
      size: NINE_GIB,
      mode: 0o644,
    });
  });
});

describe("parseTarHeader()", () => {
  test("refuses any single byte that differs", () => {
    const block = formatTarHeader({ name: "blobs/x", size: 77, mode: 0o644, type: "0" });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: TAR_BLOCK - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (position, change) => {
          const damaged = Uint8Array.from(block);
          damaged[position] = ((damaged[position] ?? 0) + change) % 256;
          // The blanks and zeros around the digits of the checksum say nothing.
          const header = parseTarHeader(damaged);
          if (position < 148 || position >= 156) expect(header).toBeUndefined();
        },
      ),
    );
  });

  test("bytes that are no tar are not taken for one", () => {
    expect(isTarBlock(new Uint8Array(TAR_BLOCK))).toBe(false);
    expect(isTarBlock(utf8("hello"))).toBe(false);
    expect(isTarBlock(utf8("x".repeat(TAR_BLOCK)))).toBe(false);
  });
});

describe("parsePax()", () => {
  test("reads records, the last of a name", () => {
    const records = parsePax(utf8("11 path=ab\n12 size=123\n11 path=cd\n"));
    expect([...(records ?? [])]).toEqual([
      ["path", "cd"],
      ["size", "123"],
    ]);
  });

  for (const text of [
    "path=a\n",
    "9 path=a",
    "99 path=a\n",
    "8 path=ab\n",
    "0 a=b\n",
    "7 =abc\n",
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      expect(parsePax(utf8(text))).toBeUndefined();
    });
  }
});
