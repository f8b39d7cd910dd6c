import { describe, expect, test } from "bun:test";
import type { MirrorItem } from "../../../src/airgap/index.ts";
import { exitCodeOfItems, renderOutcome } from "../../../src/cli/mirror/render.ts";
import { DevregError, type ErrorCode, RegistryResponseError } from "../../../src/errors.ts";

const done: MirrorItem = { kind: "image", name: "quay.io/a/b:1", state: "done", bytes: 2048 };

function failed(code: ErrorCode, name = "quay.io/a/c:1"): MirrorItem {
  const error = new DevregError(code, `Cannot have "${name}"`, { hint: "Do this" });
  return { kind: "image", name, state: "failed", error, namedBy: ["stacks/go/devfile.yaml /x"] };
}

describe("exitCodeOfItems()", () => {
  const cases: readonly (readonly [string, readonly MirrorItem[], readonly string[], number])[] = [
    ["0 when all is there", [done], [], 0],
    ["2 when a stack was left out", [done], ["stack go 1.0.0"], 2],
    ["2 when one of several was denied", [done, failed("UNAUTHORIZED")], [], 2],
    ["4 when all were denied", [failed("UNAUTHORIZED"), failed("UNAUTHORIZED", "b")], [], 4],
    ["5 when nothing could be reached", [failed("NETWORK")], [], 5],
    [
      "2 when all failed in different ways",
      [failed("NETWORK"), failed("UNAUTHORIZED", "b")],
      [],
      2,
    ],
    ["3 when something is not what it should be", [done, failed("DIGEST_MISMATCH")], [], 3],
    ["2 when no image is there", [failed("NOT_FOUND")], [], 2],
  ];
  for (const [what, items, leftOut, code] of cases) {
    test(`is ${what}`, () => expect(exitCodeOfItems(items, leftOut)).toBe(code));
  }
});

describe("renderOutcome()", () => {
  const outcome = {
    items: [done, failed("NOT_FOUND")],
    leftOut: ["stack go 1.0.0"],
    notes: ["quay.io/a/b:1: linux/arm64 was not asked for"],
    closing: ["mirrored into registry:5000"],
    exitCode: 2,
  };

  test("tells what failed, who names it and what to do, and ends with how to go on", () => {
    expect(renderOutcome(outcome, "text").split("\n")).toEqual([
      'failed: quay.io/a/c:1: Cannot have "quay.io/a/c:1"',
      "  hint: Do this",
      "  named by stacks/go/devfile.yaml /x",
      "left out: stack go 1.0.0",
      "note: quay.io/a/b:1: linux/arm64 was not asked for",
      "1 of 2 images (2.0 KiB written, 0 parts there already, 0 shared), 0 stack versions, 1 failed",
      "mirrored into registry:5000",
      "",
    ]);
  });

  test("gives machines the request that failed, without its secrets", () => {
    const error = new RegistryResponseError("REGISTRY_RESPONSE", "Cannot push", {
      method: "PUT",
      url: "https://registry/v2/x?token=hush",
      status: 507,
      errors: [],
    });
    const item: MirrorItem = { kind: "image", name: "a", state: "failed", error };
    const json = JSON.parse(renderOutcome({ ...outcome, items: [item] }, "json"));
    expect(json.items[0].error).toMatchObject({ method: "PUT", status: 507 });
    expect(JSON.stringify(json)).not.toContain("hush");
  });

  test("lets no name forge a line", () => {
    const items = [failed("NOT_FOUND", "x\nwrote everything")];
    expect(renderOutcome({ ...outcome, items }, "text")).not.toContain("\nwrote everything");
  });
});
