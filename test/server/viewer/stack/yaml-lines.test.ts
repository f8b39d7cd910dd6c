import { describe, expect, test } from "bun:test";
import { html } from "../../../../src/server/viewer/html.ts";
import { linesOf, yamlBlock } from "../../../../src/server/viewer/stack/yaml-block.ts";
import { highlightYaml } from "../../../../src/server/viewer/stack/yaml-lines.ts";
import { SHOWN_YAML_CHARS, SHOWN_YAML_LINES } from "../../../../src/viewer-limits.ts";

function marked(...lines: readonly string[]): readonly string[] {
  return highlightYaml(lines).map((line) => html`${line}`.markup.replaceAll("</span>", "|"));
}

function plain(line: string | undefined): string {
  return (line ?? "").replace(/<[^>]+>/g, "").replaceAll("&#39;", "'");
}

describe("highlightYaml()", () => {
  test.each([
    ["a: b", '<span class="k">a:| b'],
    ["  - name: 1.10", '  - <span class="k">name:| <span class="n">1.10|'],
    ["on: true", '<span class="k">on:| <span class="n">true|'],
    ["url: http://x/#y", '<span class="k">url:| http://x/#y'],
    ["a: b # c", '<span class="k">a:| b<span class="c"> # c|'],
    ["# all of it: so", '<span class="c"># all of it: so|'],
    ["x: it's", '<span class="k">x:| it&#39;s'],
    ["a: &b c", '<span class="k">a:| <span class="p">&amp;b| c'],
    ["- just text", "- just text"],
    ["", ""],
    ["---", "---"],
    ["\"k: x\": 'v'", '<span class="k">&quot;k: x&quot;:| <span class="s">&#39;v&#39;|'],
    ["a: [x, 'y']", '<span class="k">a:| [x, <span class="s">&#39;y&#39;|]'],
  ])("marks %p", (line, expected) => {
    expect(marked(line)).toEqual([expected]);
  });

  test("marks blocks of text as far as they are indented", () => {
    const lines = marked("- run: |", "    a: b", "", "    # no comment", "  next: c");
    expect(lines[1]).toBe('<span class="s">    a: b|');
    expect(lines[3]).toBe('<span class="s">    # no comment|');
    expect(lines[4]).toBe('  <span class="k">next:| c');
  });

  test("marks quotes over several lines", () => {
    const lines = marked('a: "b', "  c: d", '  e"', "f: g");
    expect(lines.slice(1)).toEqual([
      '<span class="s">  c: d|',
      '<span class="s">  e&quot;|',
      '<span class="k">f:| g',
    ]);
  });

  test("changes no letter, whatever the text is", () => {
    const alphabet = ["a", ":", " ", "'", '"', "#", "|", "-", "&", "*", "[", "{", "\\", "<", "é"];
    let seed = 7;
    for (let round = 0; round < 3_000; round++) {
      let line = "";
      for (let at = 0; at < 12; at++) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        line += alphabet[seed % alphabet.length];
      }
      const [first] = highlightYaml([line, line]);
      const text = plain(html`${first}`.markup);
      const back = text.replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
      expect(back).toBe(line);
    }
  });

  test("escapes markup in keys, values, comments and blocks", () => {
    const lines = ["<b>: <i>", "a: '<u>' # <s>", "x: |", "  <img src=x onerror=y>"];
    for (const line of marked(...lines)) expect(line).not.toMatch(/<(?!span class="[kspnc]">)/);
  });
});

describe("yamlBlock()", () => {
  test("numbers lines with links to them and keeps their text whole", () => {
    const { markup } = yamlBlock("a: b\r\nc: d\r\n", "../x");
    expect(markup).toContain('<span class="line" id="L2"><a href="#L2"');
    expect(markup).toContain('href="../x"');
    const code = markup.slice(
      markup.indexOf('<code id="devfile-yaml">'),
      markup.indexOf("</code>"),
    );
    expect(plain(code)).toBe("a: b\nc: d\n");
  });

  test("shows a huge devfile as far as the bounds go, and says so", () => {
    const many = "a: b\n".repeat(SHOWN_YAML_LINES + 1);
    expect(linesOf(many)).toMatchObject({ isCut: true });
    expect(linesOf(many).lines).toHaveLength(SHOWN_YAML_LINES);
    const wide = "x".repeat(SHOWN_YAML_CHARS + 1);
    expect(yamlBlock(wide, "x").markup).toContain("the download has all of it");
    expect(linesOf("a: b\n")).toEqual({ lines: ["a: b"], isCut: false });
  });
});
