import { describe, expect, test } from "bun:test";
import { NO_RULES, parseMirrorRules } from "../../../src/airgap/discover/index.ts";
import { utf8 } from "../../../src/bytes.ts";
import { formatIssue, InputError } from "../../../src/errors.ts";

const parse = (text: string) => parseMirrorRules("mirror.yaml", utf8(text));

function issues(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof InputError) return error.issues.map(formatIssue);
    throw error;
  }
  return [];
}

describe("parseMirrorRules()", () => {
  test("reads everything that rules can say", () => {
    const text = `# ☃
matchers:
  - {at: env, name: KUBEDOCK_*, pattern: '--initimage (\\S+)'}
  - {at: commandLine, pattern: 'podman run ((?:a|b)\\S*)'}
searchKeys: [applicationImage]
extraImages:
  - nginx
ignore:
  - {image: quay.io/x/*, reason: ours}
`;
    const rules = parse(text);
    const [extra] = rules.extraImages;
    expect(rules).toEqual({
      matchers: [
        { at: "env", name: "KUBEDOCK_*", pattern: /--initimage (\S+)/ },
        { at: "commandLine", pattern: /podman run ((?:a|b)\S*)/ },
      ],
      searchKeys: ["applicationImage"],
      extraImages: [{ image: "nginx", range: extra?.range ?? [0, 0] }],
      ignore: [{ image: "quay.io/x/*", reason: "ours" }],
    });
    const bytes = utf8(text).subarray(...(extra?.range ?? []));
    expect(Buffer.from(bytes).toString()).toBe("nginx");
  });

  test("an empty file has no rules", () => {
    expect(parse("")).toEqual(NO_RULES);
    expect(parse("# nothing\n")).toEqual(NO_RULES);
  });

  test("says what is wrong, and where", () => {
    expect(
      issues("matchers:\n  - {at: env, pattern: '(a)(b)'}\n  - {at: here, pattern: (x)}\n"),
    ).toEqual([
      "mirror.yaml:2:24: matchers.0.pattern: the pattern has 2 groups; one must be the image",
      "mirror.yaml:3:10: matchers.1.at: must be one of env, args, commandLine",
    ]);
    expect(issues("extraImages: [ok, Bad]\nextra: 1\n")).toEqual([
      'mirror.yaml:1:1: "extra" means nothing here',
      'mirror.yaml:1:19: extraImages.1: Cannot read image "Bad"',
    ]);
    expect(issues("ignore: [{image: x}]\n")).toEqual([
      "mirror.yaml:1:10: ignore.0.reason: is missing",
    ]);
    expect(issues("matchers: [{at: env, pattern: '('}]")[0]).toMatch(/mirror.yaml:1:31: .*pattern/);
    expect(issues("a: [\n")[0]).toMatch(/^mirror.yaml:2:1: /);
  });

  test("too many aliases and too much text are refused", () => {
    const aliases = Array.from(
      { length: 7 },
      (_, at) => `  - &b${at} [${`*b${at - 1},`.repeat(9)}]\n`,
    );
    const bomb = aliases.join("").replace(/\*b-1/g, "x");
    expect(issues(`ignore:\n${bomb}`)[0]).toMatch(/^mirror.yaml:1:1: .*alias/);
    expect(() => parse(`#${"x".repeat(512 * 1024)}`)).toThrow("over the limit");
  });
});
