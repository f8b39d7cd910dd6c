import { describe, expect, test } from "bun:test";
import { html, trusted, webAddress } from "../../../src/server/viewer/html.ts";

describe("html``", () => {
  test("escapes every value that is not markup itself", () => {
    const hostile = `<script>&"'`;
    expect(html`<a title="${hostile}">${hostile}</a>`.markup).toBe(
      '<a title="&lt;script&gt;&amp;&quot;&#39;">&lt;script&gt;&amp;&quot;&#39;</a>',
    );
  });

  test("takes markup, lists, numbers and nothing", () => {
    expect(html`${[html`<b>`, "<", [1]]}${undefined}${2}`.markup).toBe("<b>&lt;12");
    expect(html`${trusted("<i>")}`.markup).toBe("<i>");
  });
});

describe("webAddress()", () => {
  test.each([
    ["https://host.example/a?b#c", "https://host.example/a?b#c"],
    ["http://host.example", "http://host.example/"],
    ["javascript:alert(1)", undefined],
    [" javascript:alert(1)", undefined],
    ["data:text/html,x", undefined],
    ["//host.example", undefined],
    ["git@host.example:a/b", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%p → %p", (text, expected) => {
    expect(webAddress(text)).toBe(expected);
  });
});
