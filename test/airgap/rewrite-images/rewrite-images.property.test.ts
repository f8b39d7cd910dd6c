import { expect, test } from "bun:test";
import fc from "fast-check";
import { isMap, isScalar, isSeq, parse, parseDocument, stringify } from "yaml";
import { devfileImages, NO_RULES } from "../../../src/airgap/discover/index.ts";
import { rewriteImages } from "../../../src/airgap/rewrite-images/index.ts";
import { textOf, utf8 } from "../../../src/bytes.ts";
import { type Build, MemoryBuildFiles } from "../../../src/generator/index.ts";
import { ORIGIN_ATTRIBUTE } from "../../../src/generator/rewrite/index.ts";

/** Far more than it takes; another process may need the processor. */
const TIMEOUT_MS = 120_000;
const DEVFILE = "stacks/s/devfile.yaml";
const MANIFEST = "stacks/s/deploy.yaml";

const image = fc.constantFrom(
  "nginx",
  "nginx:1.27",
  "quay.io/a/b:{{v}}",
  "registry:5000/x",
  `quay.io/c/d@sha256:${"0".repeat(64)}`,
  "app:1",
  "no.io/x:1",
);
const text = fc.constantFrom("1.10", "it's", "a: b", "x # y", "☃", "nginx:1.27", "two\nlines", "");
const attributes = fc.dictionary(fc.constantFrom("x", "y.z/w"), text, { maxKeys: 2 });
const component = fc
  .record(
    {
      attributes,
      container: fc.record({ memoryLimit: text, image, args: fc.array(text, { maxLength: 2 }) }),
    },
    { requiredKeys: ["container"] },
  )
  .map((each) => ({ name: "c", ...each }));
const inlined = fc.array(image, { maxLength: 3 }).map((images) => ({
  name: "k",
  kubernetes: {
    inlined: `# pods\nspec:\n  containers:\n${images.map((each) => `    - image: "${each}" # ${each}\n`).join("")}`,
  },
}));
const devfile = fc.record({
  variables: fc.constant({ v: "7" }),
  components: fc.array(fc.oneof(component, inlined), { maxLength: 4 }),
  parent: fc.record({ id: text, components: fc.array(component, { maxLength: 2 }) }),
});
const style = fc.record({
  indent: fc.integer({ min: 1, max: 5 }),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom("any" as const, "flow" as const),
  defaultStringType: fc.constantFrom(
    "PLAIN" as const,
    "QUOTE_DOUBLE" as const,
    "QUOTE_SINGLE" as const,
    "BLOCK_LITERAL" as const,
  ),
});

const buildOf = (files: Readonly<Record<string, string>>): Build => ({
  index: [],
  indexBytes: utf8("[]"),
  info: undefined,
  files: new MemoryBuildFiles(Object.entries(files).map(([path, all]) => [path, utf8(all)])),
});
const to = (host: string) => ({
  rename: (name: string) =>
    /^(no|one)\.io[:/]/.test(name) ? undefined : `${host}/${name.replace(":", "_")}`,
  pin: "written" as const,
  digestOf: () => undefined,
  rules: NO_RULES,
});
const read = async ({ files }: Build, path = DEVFILE) => textOf(await files.read(path));

/** What a devfile says but for its images and what is kept of them. */
function rest(yaml: string): unknown {
  const value = parse(yaml.replace(/^\ufeff/, ""));
  const plain = (each: Record<string, unknown>) => {
    const {
      attributes: { [ORIGIN_ATTRIBUTE]: _, ...others } = {},
      container,
      kubernetes,
      ...more
    } = each as { attributes?: Record<string, unknown>; container?: object; kubernetes?: unknown };
    const left = container && { ...container, image: undefined };
    return { ...more, attributes: others, left, manifest: kubernetes !== undefined };
  };
  return {
    ...value,
    components: value.components.map(plain),
    parent: { ...value.parent, components: value.parent.components.map(plain) },
  };
}

test(
  "rewriteImages() changes images and what is kept of them, once, for any name",
  async () => {
    await fc.assert(
      fc.asyncProperty(devfile, style, fc.boolean(), async (value, how, isWindows) => {
        const written = stringify({ schemaVersion: "2.2.0", ...value }, { ...how, lineWidth: 0 });
        const yaml = isWindows ? `\ufeff${written.replaceAll("\n", "\r\n")}` : written;
        const build = buildOf({ [DEVFILE]: yaml });
        const one = await rewriteImages(build, to("one.io:5000/m"));
        const after = await read(one.build);
        expect(rest(after)).toEqual(rest(yaml));
        expect((await rewriteImages(one.build, to("one.io:5000/m"))).changed).toBe(0);
        const named = (all: string) =>
          devfileImages(DEVFILE, utf8(all), NO_RULES).images.flatMap(
            ({ occurrence }) => occurrence.image ?? [],
          );
        const former = named(after).map((each) => each.replace(/^one\.io:5000\/m\//, ""));
        expect(former).toEqual(named(yaml).map((each) => each.replace("registry:", "registry_")));
        expect(named(after).every((each) => /^(one\.io:5000\/m|no\.io)\//.test(each))).toBe(true);
      }),
      { numRuns: 150 },
    );
  },
  TIMEOUT_MS,
);

const document = fc.array(
  fc.oneof(image, text).map((each) => ({ image: each, note: each })),
  {
    minLength: 1,
    maxLength: 3,
  },
);

test(
  "rewriteImages() leaves every other byte of a manifest as it was",
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(document, { maxLength: 3 }), style, async (documents, how) => {
        const yaml = documents
          .map((each) => `# ☃ \n${stringify(each, { ...how, lineWidth: 0 })}`)
          .join("---\n");
        const head = "components: [{kubernetes: {uri: deploy.yaml}}]\nvariables: {v: 7}\n";
        const build = buildOf({ [DEVFILE]: head, [MANIFEST]: yaml });
        const { build: rewritten, changed } = await rewriteImages(build, to("one.io"));
        const after = await read(rewritten, MANIFEST);
        expect(masked(after)).toBe(masked(yaml));
        expect(after === yaml).toBe(changed === 0);
      }),
      { numRuns: 150 },
    );
  },
  TIMEOUT_MS,
);

/** A text without the values of its keys `image`. */
function masked(yaml: string): string {
  return yaml
    .split(/^(?=# ☃)/m)
    .map((part) => {
      const ranges: (readonly [number, number])[] = [];
      const visit = (node: unknown): void => {
        if (isSeq(node)) for (const item of node.items) visit(item);
        if (!isMap(node)) return;
        for (const { key, value } of node.items) {
          if (!isScalar(key) || key.value !== "image" || !isScalar(value)) visit(value);
          else if (value.range) ranges.push([value.range[0], value.range[1]]);
        }
      };
      visit(parseDocument(part.replace(/---\n$/, "")).contents);
      const apart = ranges.reverse();
      return apart.reduce(
        (all, [from, until]) => `${all.slice(0, from)}…${all.slice(until)}`,
        part,
      );
    })
    .join("");
}
