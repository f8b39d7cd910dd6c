import { describe, expect, test } from "bun:test";
import { changed, schemaFindings, WHOLE } from "./schema-findings.ts";

const MINIMAL = "schemaVersion: 2.2.0\n";

describe("schemaRules", () => {
  test.each([
    ["a devfile that has a bit of everything", WHOLE],
    ["a devfile that has nothing else", MINIMAL],
    ["a version in quotes", changed("version: 1.2.3", 'version: "1.2.3"')],
    ["a version with more behind it", changed("version: 1.2.3", "version: 1.2.3-beta.1+b")],
    ["a number in quotes", changed("memoryLimit: 1Gi", 'memoryLimit: "1024"')],
    ["an octal number of Go in quotes", changed("memoryLimit: 1Gi", "memoryLimit: '0o17'")],
    ["1:30, which is text for Go", changed("value: dev", "value: 1:30")],
    ["a date, which is text for Go", changed("value: dev", "value: 2025-01-01")],
    ["a dot", changed("value: dev", "value: .")],
    ["an underscore", changed("value: dev", "value: _1")],
    ["no in another case than any of its own", changed("value: dev", "value: nO")],
    ["a number with a tag of text", changed("value: dev", "value: !!str 10")],
    ["an empty text", changed("displayName: Whole", 'displayName: ""')],
    ["yes where true is meant", changed("mountSources: true", "mountSources: yes")],
    ["Off where false is meant", changed("parallel: false", "parallel: Off")],
    ["a whole number with a fraction of nothing", changed("8080", "8080.0")],
    ["a whole number in hexadecimal", changed("8080", "0x1F90")],
    ["a whole number with underscores", changed("8080", "8_080")],
    ["the largest whole number", changed("8080", "9223372036854775807")],
    ["the smallest whole number", changed("8080", "-9223372036854775808")],
    ["an empty list", changed("command: [tail]", "command: []")],
    ["an empty map", changed("volume: {size: 1Gi}", "volume: {}")],
    ["a block scalar", changed("commandLine: make", "commandLine: |\n        make\n        it")],
    [
      "a folded block scalar",
      changed("commandLine: make", "commandLine: >-\n        make\n        it"),
    ],
    [
      "comments",
      changed("volume: {size: 1Gi}", "# a\n    volume: # b\n      # c\n      size: 1Gi # d"),
    ],
    ["a long line", changed("commandLine: make", `commandLine: make ${"x ".repeat(20_000)}`)],
    ["CRLF", WHOLE.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\ufeff${WHOLE}`],
    ["no line break at the end", WHOLE.trimEnd()],
    ["non-ASCII text", changed("displayName: Whole", "displayName: Größe 大きさ 🚀")],
    [
      "a name of as many characters as it may have",
      changed("name: data", `name: ${"d".repeat(63)}`),
    ],
    ["free keys in metadata", changed("  name: whole", "  name: whole\n  other: {a: [1, ~]}")],
    ["free keys in attributes", changed("any: [1", "1.10: yes, any: [1")],
    ["the prototype as a key of attributes", changed("any: [1", "__proto__: x, any: [1")],
    ["several documents, of which the first counts", `${WHOLE}---\nnothing: true\n`],
    [
      "a key twice, of which the last counts",
      changed("value: dev", "value: 1\n          value: dev"),
    ],
    [
      "an anchor and its alias",
      changed("  - name: data", "  - {name: also, container: *c}\n  - name: data").replace(
        "    container:\n",
        "    container: &c\n",
      ),
    ],
    ["a merge key", changed("  preStop: [build]", "  <<: {postStop: [build]}\n  preStop: [build]")],
    ["JSON", JSON.stringify({ schemaVersion: "2.3.0", metadata: { name: "json" } }, undefined, 2)],
    [
      "plugins of the first version",
      `schemaVersion: 2.0.0\ncomponents: [{name: a, plugin: {id: b}}]`,
    ],
    ["null in another case of a field of metadata", changed("  tags: [Go, Web]", "  Tags: ~")],
  ])("accept %s", (_, text) => {
    expect(schemaFindings(text)).toEqual([]);
  });

  test.each(["2.0.0", "2.1.0", "2.2.0", "2.2.1", "2.2.2", "2.3.0", "2.1.0-alpha", "2.2.2-rc.1"])(
    "know the schema version %s",
    (version) => {
      expect(schemaFindings(`schemaVersion: ${version}\nmetadata: {name: a}\n`)).toEqual([]);
    },
  );
});
