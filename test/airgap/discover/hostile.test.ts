import { expect, setDefaultTimeout, test } from "bun:test";
import {
  BuildOutputs,
  devfileImages,
  dockerfileImages,
  manifestImages,
  NO_RULES,
} from "../../../src/airgap/discover/index.ts";
import { utf8 } from "../../../src/bytes.ts";

/** What takes longer grows faster than the text. */
const LIMIT_MS = 10_000;
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

const TEXTS: Readonly<Record<string, () => unknown>> = {
  "blanks in a directive": () => dockerfile(`# syntax=a${many(" ", MORE)}b\n`),
  "blanks in a line": () => dockerfile(`FROM a${many(" ", MORE)}b \\\n`),
  "heredocs without an end": () => dockerfile(`EOF\n${many("RUN <<EOF\n", MORE)}`),
  "heredocs that end elsewhere": () => dockerfile(`${many("RUN <<-EOF\n", MORE)}EOF\n`),
  stages: () => dockerfile(many("FROM a AS b\n", MORE)),
  "arguments of arguments": () => dockerfile(`ARG A0=xxxxxxxx\n${laughs}FROM a:$A40\n`),
  "one long base": () => dockerfile(`ARG V=1234\nFROM ${many("$V", MORE)}\n`),
  "one long word": () => manifest(`args: [${many("a.", MANY)}]`),
  "words that begin like images": () => manifest(`args: ["${many("a.b/c ", MANY)}"]`),
  "paths without end": () => manifest(`args: ["a.b/${many("c/", MANY)}"]`),
  "possible images": () => manifest(`args: ["${many("a.b/c:1 ", MANY)}"]`),
  "texts of many documents": () => manifest(`data: {x: "${many("---\\nimage: a\\n", MANY)}"}`),
  "variables without an end": () => manifest(`image: "${many("{{ ", MANY)}"`),
  "one variable many times": () => manifest(`image: "${many("{{v}}", MANY)}"`),
  "blanks in a variable": () => manifest(`image: "{{${many(" ", MANY)}"`),
  "images in one command line": () =>
    devfile(`  - container: {image: x, args: ["${many("a.b/c:1 ", MANY)}"]}`),
  "inlined images": () =>
    devfile(`  - kubernetes:\n      inlined: |\n${many("        - image: a\n", MANY)}`),
};

for (const [name, read] of Object.entries(TEXTS)) {
  test(`${name} take no longer than their size`, () => {
    const started = performance.now();
    expect(read()).toBeDefined();
    expect(performance.now() - started).toBeLessThan(LIMIT_MS);
  });
}
