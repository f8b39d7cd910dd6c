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

describe("renderOutcome() leaves credentials out", () => {
  const secret = "https://user:hunter2@git.example/x?token=hunter2";
  const finding = { severity: "error" as const, rule: "x", file: "f", message: secret };
  const outcome = {
    items: [{ ...done, state: "failed" as const, error: new DevregError("NETWORK", secret) }],
    findings: [finding],
    leftOut: [`stack go 1.0.0: ${secret}`],
    notes: [secret],
    closing: [secret],
    exitCode: 2,
  };

  test.each(["text", "json"] as const)("of %s", (format) => {
    const told = renderOutcome(outcome, format);
    expect(told).toContain("git.example/x");
    expect(told).not.toContain("hunter2");
  });
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

  test("counts one thing as one", () => {
    const items: MirrorItem[] = [
      { ...done, reused: 1 },
      { kind: "stack", name: "devfile-catalog/go:1.0.0", state: "done" },
    ];
    expect(renderOutcome({ ...outcome, items }, "text")).toContain(
      " 1 part there already, 0 shared), 1 stack version, 0 failed\n",
    );
  });

  test("tells what is wrong in the repositories, and what the registry image lacks", () => {
    const finding = { severity: "error" as const, file: "stacks/go/devfile.yaml", line: 3 };
    const findings = [
      { ...finding, rule: "parent-unreachable", message: "Cannot have it", hint: "Mend it" },
      { ...finding, severity: "warning" as const, rule: "x", message: "not told" },
    ];
    const image: MirrorItem = {
      kind: "registry-image",
      name: "devfile-index:latest",
      state: "done",
      platforms: ["linux/amd64"],
      platformsLeftOut: [{ platform: "linux/arm64", reason: "there is no executable for it" }],
    };
    const text = renderOutcome({ ...outcome, items: [done, image], findings }, "text");
    expect(text).toContain(
      "error: stacks/go/devfile.yaml:3:1: Cannot have it [parent-unreachable]",
    );
    expect(text).toContain("(Mend it)\n");
    expect(text).not.toContain("not told");
    expect(text).toContain("note: devfile-index:latest is not for linux/arm64: there is no exec");
    expect(text).toContain("0 stack versions, devfile-index:latest for linux/amd64, 0 failed\n");
    expect(exitCodeOfItems([done], [], findings)).toBe(2);
  });

  test("says what to do about an image whose registry cannot be reached", () => {
    const error = new DevregError("NETWORK", "Cannot reach nowhere: there is no such host");
    const items: MirrorItem[] = [{ kind: "image", name: "nowhere/a:1", state: "failed", error }];
    expect(renderOutcome({ ...outcome, items }, "text")).toContain(
      "  hint: Check its host and the way there, or leave it out: --exclude HOST/REPOSITORY\n",
    );
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
