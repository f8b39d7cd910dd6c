import { describe, expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { destinationOf } from "../../../../src/cli/mirror/save/destination.ts";
import { testEdge } from "../../../support/edge.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const edge = testEdge([], {}, "/work");

describe("destinationOf()", () => {
  test("takes a name that ends in .tar for one file, anything else for a folder", () => {
    const outputOf = (to: string) => destinationOf(edge, { to, cacheDir: undefined }).output;
    expect(outputOf("out/bundle.tar")).toEqual({ kind: "file", path: "/work/out/bundle.tar" });
    expect(outputOf("bundle")).toEqual({ kind: "folder", path: "/work/bundle" });
  });

  test("takes a folder for one whatever its name", async () => {
    await using folder = await temporaryFolder();
    const here = testEdge([], {}, folder.path);
    await Bun.write(`${folder.path}/x.tar/keep`, "");
    const { output } = destinationOf(here, { to: "x.tar", cacheDir: undefined });
    expect(output.kind).toBe("folder");
  });

  test("sends a bundle to standard output and the report to standard error", () => {
    const own = testEdge([], {}, "/work");
    const { output, volume, tell } = destinationOf(own, { to: "-", cacheDir: undefined });
    tell("done\n");
    expect([output.kind, volume, own.out(), own.err()]).toEqual([
      "stream",
      undefined,
      "",
      "done\n",
    ]);
  });

  test("keeps what waits beside a file for the next run, that of a stream for this one", async () => {
    await using folder = await temporaryFolder();
    const here = testEdge([], {}, folder.path);
    const spoolOf = async (to: string) => {
      await using closing = new AsyncDisposableStack();
      const spool = await destinationOf(here, { to, cacheDir: "cache" }).openSpool(closing);
      return { spool, mode: statSync(spool, { throwIfNoEntry: false })?.mode };
    };
    const beside = await spoolOf("bundle.tar");
    expect(beside).toEqual({ spool: join(folder.path, ".bundle.tar.spool"), mode: undefined });
    const first = await spoolOf("-");
    const second = await spoolOf("-");
    expect([(first.mode ?? 0) & 0o777, existsSync(first.spool)]).toEqual([0o700, false]);
    expect(first.spool).toStartWith(join(folder.path, "cache", "devreg-spool-"));
    expect(first.spool).not.toBe(second.spool);
  });

  test("refuses a terminal, and to go without a place", () => {
    const terminal = { ...edge, stdout: { ...edge.stdout, isTerminal: true } };
    expect(() => destinationOf(terminal, { to: "-", cacheDir: undefined })).toThrow("terminal");
    expect(() => destinationOf(edge, { to: undefined, cacheDir: undefined })).toThrow("--to");
  });
});
