import { expect, setDefaultTimeout, test } from "bun:test";
import {
  BuildOutputs,
  devfileImages,
  dockerfileImages,
  manifestImages,
  NO_RULES,
} from "../../../src/airgap/discover/index.ts";
import { utf8 } from "../../../src/bytes.ts";
import { FILE_FINDINGS } from "../../../src/limits.ts";
import { FILE_IMAGES } from "../../../src/mirror-limits.ts";

// Texts of almost the largest size, so that what grows with the square takes minutes.
setDefaultTimeout(60_000);

const CONTEXT = {
  rules: NO_RULES,
  variables: new Map([["v", "x".repeat(10_000)]]),
  outputs: new BuildOutputs([]),
};
const HEAD = "schemaVersion: 2.2.0\nvariables: {v: x}\ncomponents:\n";
const many = (part: string, bytes: number) => part.repeat(Math.floor(bytes / part.length));
const dockerfile = (text: string) => dockerfileImages("Dockerfile", utf8(text), CONTEXT);
const manifest = (text: string) => manifestImages("deploy.yaml", utf8(text), CONTEXT);
const devfile = (text: string) => devfileImages("devfile.yaml", utf8(HEAD + text), NO_RULES);
const [MANY, MORE] = [500_000, 1_000_000];
const laughs = Array.from({ length: 40 }, (_, at) => `ARG A${at + 1}=$A${at}$A${at}\n`).join("");

/** What was found in a text, as far as it is looked at here. */
interface Found {
  readonly images: readonly unknown[];
  readonly findings: readonly { readonly rule: string }[];
}

const TEXTS: readonly [
  name: string,
  read: () => Found,
  images: number,
  last: string | undefined,
][] = [
  [
    "blanks in a directive",
    () => dockerfile(`# syntax=a${many(" ", MORE)}b\n`),
    1,
    "image-reference",
  ],
  ["blanks in a line", () => dockerfile(`FROM a${many(" ", MORE)}b \\\n`), 1, "image-untagged"],
  ["heredocs without an end", () => dockerfile(`EOF\n${many("RUN <<EOF\n", MORE)}`), 0, undefined],
  [
    "heredocs that end elsewhere",
    () => dockerfile(`${many("RUN <<-EOF\n", MORE)}EOF\n`),
    0,
    undefined,
  ],
  ["stages", () => dockerfile(many("FROM a AS b\n", MORE)), FILE_IMAGES, "images-not-read"],
  [
    "arguments of arguments",
    () => dockerfile(`ARG A0=xxxxxxxx\n${laughs}FROM a:$A40\n`),
    1,
    "image-reference",
  ],
  [
    "one long base",
    () => dockerfile(`ARG V=1234\nFROM ${many("$V", MORE)}\n`),
    1,
    "image-variable",
  ],
  ["one long word", () => manifest(`args: [${many("a.", MANY)}]`), 0, undefined],
  [
    "words that begin like images",
    () => manifest(`args: ["${many("a.b/c ", MANY)}"]`),
    0,
    undefined,
  ],
  ["paths without end", () => manifest(`args: ["a.b/${many("c/", MANY)}"]`), 0, undefined],
  [
    "possible images",
    () => manifest(`args: ["${many("a.b/c:1 ", MANY)}"]`),
    FILE_IMAGES,
    "images-not-read",
  ],
  [
    "texts of many documents",
    () => manifest(`data: {x: "${many("---\\nimage: a\\n", MANY)}"}`),
    FILE_IMAGES,
    "images-not-read",
  ],
  [
    "variables without an end",
    () => manifest(`image: "${many("{{ ", MANY)}"`),
    1,
    "image-reference",
  ],
  [
    "one variable many times",
    () => manifest(`image: "${many("{{v}}", MANY)}"`),
    1,
    "image-variable",
  ],
  ["blanks in a variable", () => manifest(`image: "{{${many(" ", MANY)}"`), 1, "image-reference"],
  [
    "images in one command line",
    () => devfile(`  - container: {image: x, args: ["${many("a.b/c:1 ", MANY)}"]}`),
    FILE_IMAGES,
    "images-not-read",
  ],
  [
    "inlined images",
    () => devfile(`  - kubernetes:\n      inlined: |\n${many("        - image: a\n", MANY)}`),
    FILE_IMAGES,
    "images-not-read",
  ],
];

test.each(TEXTS)("of %s as much is found as may be", (_, read, images, last) => {
  const found = read();
  expect(found.images).toHaveLength(images);
  expect(found.findings.at(-1)?.rule).toBe(last);
  // The one that says how many more there are, and the one that says what was not looked at.
  expect(found.findings.length).toBeLessThanOrEqual(FILE_FINDINGS + 2);
});
