import { describe, expect, test } from "bun:test";
import { exitCodeOf, InputRefused, renderError } from "../../src/cli/report.ts";
import {
  DevregError,
  type ErrorCode,
  InputError,
  RegistryResponseError,
} from "../../src/errors.ts";

const exchange = (status: number) => ({
  method: "PUT",
  url: "https://user:pw@r.example/v2/a/manifests/1?token=abc",
  status,
  errors: [{ code: "DENIED", message: "no" }],
});

describe("exitCodeOf()", () => {
  const codes: readonly [ErrorCode, number][] = [
    ["USAGE", 1],
    ["CONFIG_INVALID", 1],
    ["INPUT_INVALID", 1],
    ["LIMIT_EXCEEDED", 2],
    ["IO", 2],
    ["DIGEST_MISMATCH", 3],
    ["SIZE_MISMATCH", 3],
    ["UNAUTHORIZED", 4],
    ["NETWORK", 5],
    ["TIMEOUT", 5],
    ["ABORTED", 130],
  ];
  for (const [code, exit] of codes) {
    test(`gives ${exit} for ${code}`, () =>
      expect(exitCodeOf(new DevregError(code, "x"))).toBe(exit));
  }

  test("gives 5 for a registry that keeps failing and 2 for one that refuses", () => {
    const answer = (status: number) =>
      new RegistryResponseError("REGISTRY_RESPONSE", "x", exchange(status));
    expect(exitCodeOf(answer(503))).toBe(5);
    expect(exitCodeOf(answer(429))).toBe(5);
    expect(exitCodeOf(answer(400))).toBe(2);
  });

  test("gives 2 for a repository with errors", () => {
    const finding = { severity: "error", rule: "r", file: "f", message: "m" } as const;
    expect(exitCodeOf(new InputRefused(["/r"], [finding]))).toBe(2);
  });

  test("gives 2 for what nobody foresaw", () => {
    expect(exitCodeOf(new TypeError("x"))).toBe(2);
  });
});

describe("renderError()", () => {
  test("shows message, sorted issues and hint", () => {
    const error = new InputError(
      "Cannot read it: 2 problems",
      [
        { file: "b.yaml", line: 2, column: 3, path: "a.b", message: "wrong" },
        { file: "a.yaml", message: "missing" },
      ],
      { hint: "Mend it" },
    );
    expect(renderError(error)).toBe(
      "Error: Cannot read it: 2 problems\n  a.yaml: missing\n  b.yaml:2:3: a.b: wrong\nHint: Mend it",
    );
  });

  test("counts what is wrong with a repository and says how to mend each", () => {
    const finding = { severity: "error", rule: "r", file: "f", line: 2, message: "m" } as const;
    const refused = new InputRefused(["/r"], [{ ...finding, hint: "Do this" }]);
    expect(renderError(refused)).toBe(
      'Error: Cannot use registry repository "/r": 1 error\n  f:2:1: m\n    hint: Do this\n' +
        "Hint: Mend them, or use --force to publish what is valid",
    );
    const two = new InputRefused(["/r"], [finding, { ...finding, severity: "warning" }, finding]);
    expect(two.message).toBe('Cannot use registry repository "/r": 2 errors');
  });

  test("shows what a registry answered, without secrets", () => {
    const text = renderError(
      new RegistryResponseError("UNAUTHORIZED", "Cannot push x", exchange(401)),
    );
    expect(text).toContain("PUT https://r.example/v2/a/manifests/1?token=[redacted] answered 401");
    expect(text).toContain("DENIED: no");
    expect(text).not.toContain("pw");
  });

  test("shows hostile text of the input in one line", () => {
    const error = new InputError("Cannot use it", [{ file: "a\n::x", message: "b\u001b[2J" }]);
    expect(renderError(error)).toBe("Error: Cannot use it\n  a\\n::x: b\\u001b[2J");
  });
});
