import { describe, expect, test } from "bun:test";
import { utf8 } from "../../src/bytes.ts";
import {
  collectIcons,
  iconFormatOf,
  iconMediaType,
  storeIcons,
} from "../../src/generator/index.ts";
import { digestOf, hexOf } from "../../src/oci-client/index.ts";

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);

describe("iconFormatOf()", () => {
  const images: Readonly<Record<string, Uint8Array>> = {
    png: PNG,
    jpg: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16),
    gif: utf8("GIF89a and more"),
    webp: utf8("RIFF\x10\0\0\0WEBPVP8 "),
    ico: Uint8Array.of(0, 0, 1, 0, 1, 0, 16, 16),
  };
  for (const [extension, bytes] of Object.entries(images)) {
    test(`knows ${extension}`, () => {
      const format = iconFormatOf(bytes);
      expect(format?.extension).toBe(extension);
      expect(iconMediaType(`abc.${extension}`)).toBe(format?.mediaType);
    });
  }

  const svgs: Readonly<Record<string, string>> = {
    bare: SVG,
    "with a byte order mark": `\uFEFF${SVG}`,
    "with a declaration": `<?xml version="1.0" encoding="UTF-8"?>\n${SVG}`,
    "with comments": `<!-- made > by <svg> hand -->\n<!-- twice -->${SVG}`,
    "with a document type": `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n${SVG}`,
    "with entities": `<!DOCTYPE svg [\n<!ENTITY a "b>">\n]>${SVG}`,
    "with a prefix": '<svg:svg xmlns:svg="http://www.w3.org/2000/svg"></svg:svg>',
    "with one attribute a line": "<svg\n  width='1'/>",
  };
  for (const [title, text] of Object.entries(svgs)) {
    test(`knows svg ${title}`, () => expect(iconFormatOf(utf8(text))?.extension).toBe("svg"));
  }

  const others: Readonly<Record<string, string>> = {
    "an HTML page": `<!DOCTYPE html><html><body>${SVG}</body></html>`,
    "an HTML page with a comment": `<!-- x --><html>${SVG}</html>`,
    text: "svg",
    JSON: '{"message":"not found"}',
    "an element that begins like it": "<svgx/>",
    nothing: "",
    "a signature without an image": "GIF89a",
    "a prolog that never ends": `<!--${" ".repeat(100)}<svg/>`,
  };
  for (const [title, text] of Object.entries(others)) {
    test(`does not take ${title}`, () => expect(iconFormatOf(utf8(text))).toBeUndefined());
  }
});

describe("collectIcons()", () => {
  test("gives addresses of entries and versions, once and sorted", () => {
    const index = [
      {
        name: "b",
        icon: "https://b.example/x.svg",
        versions: [{ icon: "https://a.example/y.svg" }],
      },
      { name: "c", icon: "https://b.example/x.svg" },
      { name: "d", icon: "http://a.example/z.png" },
      { name: "e", icon: "logo.svg", versions: [{ icon: "data:image/svg+xml;base64,AA==" }] },
      { name: "f" },
    ];
    expect(collectIcons(index)).toEqual([
      "http://a.example/z.png",
      "https://a.example/y.svg",
      "https://b.example/x.svg",
    ]);
  });
});

describe("storeIcons()", () => {
  const answers: Readonly<Record<string, Uint8Array>> = {
    "https://a.example/1": utf8(SVG),
    "https://a.example/same": utf8(SVG),
    "https://a.example/2": PNG,
    "https://a.example/page": utf8("<!DOCTYPE html>"),
    "https://a.example/big": new Uint8Array(1024 * 1024 + 1),
  };
  const fetcher = async (url: string) => {
    const bytes = answers[url];
    if (bytes === undefined) throw new Error("Cannot reach a.example: connection refused");
    return { bytes, contentType: "image/svg+xml" };
  };

  test("names icons by content and reports what is none", async () => {
    const urls = [...Object.keys(answers), "https://a.example/down"];
    const svgName = `${hexOf(digestOf(utf8(SVG)))}.svg`;
    const pngName = `${hexOf(digestOf(PNG))}.png`;
    const { files, icons, missing } = await storeIcons(urls, fetcher);
    expect(files.map(({ name }) => name)).toEqual([`icons/${svgName}`, `icons/${pngName}`].sort());
    expect(icons).toEqual({
      "https://a.example/1": svgName,
      "https://a.example/2": pngName,
      "https://a.example/same": svgName,
    });
    expect(missing).toEqual([
      { url: "https://a.example/big", reason: "it is over 1048576 bytes" },
      {
        url: "https://a.example/down",
        reason: "Cannot reach a.example: connection refused",
      },
      {
        url: "https://a.example/page",
        reason: "it is no image that browsers show (image/svg+xml)",
      },
    ]);
  });

  test("gives the same result whatever the order, and fetches each address once", async () => {
    const asked: string[] = [];
    const urls = Object.keys(answers);
    const counting = (url: string) => {
      asked.push(url);
      return fetcher(url);
    };
    const first = await storeIcons([...urls, ...urls], counting);
    expect(asked.sort()).toEqual([...urls].sort());
    expect(await storeIcons([...urls].reverse(), fetcher, { concurrency: 1 })).toEqual(first);
  });
});
