import { describe, expect, test } from "bun:test";
import {
  PLACEHOLDER_COLOURS,
  placeholderIcon,
  placeholderShapes,
} from "../../src/server/placeholder-icon.ts";

const PAGES = { light: ["#ffffff", "#f6f8f8"], dark: ["#151c1f", "#0d1214"] };

/** WCAG 2: relative luminance of "#rrggbb". */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe("placeholderShapes()", () => {
  test("are the same for the same name, and differ for most names", () => {
    expect(placeholderShapes("go")).toBe(placeholderShapes("go"));
    const names = Array.from({ length: 200 }, (_, at) => `stack-${at}`);
    const drawn = new Set(names.map(placeholderShapes));
    expect(drawn.size).toBeGreaterThan(195);
    const colours = new Set([...drawn].map((each) => /#\w{6}/.exec(each)?.[0]));
    expect(colours.size).toBe(PLACEHOLDER_COLOURS.length);
  });

  test("are plain shapes whatever the name", () => {
    for (const name of ["", "\ud800", "日本", '"><script>', "x".repeat(100_000)]) {
      expect(placeholderShapes(name)).toMatch(/^(<path fill="#\w{3,6}"[ \w="-.]*\/>){3}$/);
    }
  });
});

describe("placeholderIcon()", () => {
  test("is a file that draws what pages draw, and runs nothing", () => {
    const file = new TextDecoder().decode(placeholderIcon("go"));
    expect(file).toStartWith('<svg xmlns="http://www.w3.org/2000/svg"');
    expect(file).toContain(placeholderShapes("go"));
    expect(file).not.toMatch(/<style|style=|<script| on\w+=|href/);
  });
});

describe("the colours of placeholders", () => {
  test.each(PLACEHOLDER_COLOURS.map((colour) => [colour]))(
    "%s stands out from its mark and from every page",
    (colour) => {
      expect(contrast(colour, "#ffffff")).toBeGreaterThan(4.5);
      for (const page of [...PAGES.light, ...PAGES.dark]) {
        expect(contrast(colour, page)).toBeGreaterThan(3);
      }
    },
  );
});
