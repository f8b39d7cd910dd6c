import { describe, expect, test } from "bun:test";
import { renderReadme } from "../../../../src/server/viewer/stack/readme.ts";
import { README_BYTES } from "../../../../src/viewer-limits.ts";

/** How much longer a text is that is made to be slow than the longest that is shown. */
const SLOW_TIMES = 8;
/** The longest that one character comes to: "&amp;". */
const SHARE = 5;
const FILES = "../../../devfiles/go/2.0.0/";

async function render(text: string): Promise<string> {
  return (await renderReadme(text, FILES)).markup.trim();
}

describe("renderReadme()", () => {
  test("renders headings below those of the page, lists, code and tables", async () => {
    expect(await render("# A\n\n###### B")).toBe("<h3>A</h3><h6>B</h6>");
    expect(await render("- a\n- b")).toContain("<li>a</li>");
    expect(await render("```js\n<b>\n```")).toBe(
      '<pre tabindex="0"><code>&lt;b&gt;\n</code></pre>',
    );
    const table = await render("| a | b |\n|:--|--:|\n| c | d |");
    expect(table).toContain("<th>a</th>");
    expect(table).not.toContain("style");
  });

  test.each([
    ["<script>alert(1)</script>", "&lt;script&gt;"],
    ["a <img src=x onerror=alert(1)> b", "&lt;img"],
    ["[x](javascript:alert(1))", "[x](javascript:alert(1))"],
    ["[x](JaVaScRiPt:alert(1))", "[x](JaVaScRiPt"],
    ["[x](&#106;avascript:alert(1))", "[x]("],
    ["[x](vbscript:y)", "[x](vbscript:y)"],
    ["[x](data:text/html,y)", "[x](data:"],
    ["![x](data:image/svg+xml,y)", "![x](data:"],
    ["<javascript:alert(1)>", "&lt;javascript:alert(1)&gt;"],
  ])("makes nothing of %p", async (text, expected) => {
    const markup = await render(text);
    expect(markup).toContain(expected);
    expect(markup).not.toMatch(/<(?:a|img|script)\b/);
  });

  test("keeps links to files of the version, and marks those that lead away", async () => {
    expect(await render("[x](docs/a%20b.md)")).toContain(`<a href="${FILES}docs/a%20b.md">`);
    expect(await render("[x](../../../../etc/passwd)")).toContain(`<a href="${FILES}etc/passwd">`);
    expect(await render("[x](#part)")).toContain('<a href="#readme">');
    expect(await render("[x](https://a.example/?a&b)")).toContain(
      '<a href="https://a.example/?a&amp;b" rel="noopener noreferrer nofollow">',
    );
    expect(await render("[x](//a.example/)")).toContain('<a href="http://a.example/" rel=');
    expect(await render('[x](y "><script>")')).not.toContain("<script>");
  });

  test("shows pictures of the version only; others are named", async () => {
    expect(await render("![a](img/x.png)")).toContain(`<img src="${FILES}img/x.png" alt="a"`);
    const away = await render('![<b>"a"](https://a.example/x.png)');
    expect(away).toContain('<span class="picture">&lt;b&gt;&quot;a&quot;</span>');
    expect(away).not.toContain("https://a.example");
  });

  // Many times as long as what is rendered, so that what grows with the square takes minutes.
  test.each(["[", "*a_", "![](", "> ", "`", "<a ", "&#", "\\", "| ", "- "])(
    "makes of many %j no more than each comes to",
    async (piece) => {
      const text = piece.repeat((SLOW_TIMES * README_BYTES) / piece.length);
      expect((await render(text)).length).toBeLessThan(SHARE * text.length);
    },
    60_000,
  );
});
