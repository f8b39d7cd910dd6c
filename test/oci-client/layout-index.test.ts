import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { textOf, utf8 } from "../../src/bytes.ts";
import { type Descriptor, OCI_MANIFEST } from "../../src/oci-client/index.ts";
import {
  EMPTY_LAYOUT_INDEX,
  formatLayoutIndex,
  type LayoutIndex,
  parseLayoutIndex,
} from "../../src/oci-client/layout-index.ts";
import { rootsOf, withRoot, withTag } from "../../src/oci-client/layout-roots.ts";

const REF_NAME = "org.opencontainers.image.ref.name";

function descriptorOf(number: number): Descriptor {
  const digest = `sha256:${number.toString(16).padStart(64, "0")}` as const;
  return { mediaType: OCI_MANIFEST, digest, size: 100 + number };
}

function indexOf(manifests: readonly object[], head: object = {}): LayoutIndex {
  return parseLayoutIndex(utf8(JSON.stringify({ schemaVersion: 2, ...head, manifests })));
}

function named(name: string | undefined, number = 1) {
  const annotations = name === undefined ? {} : { annotations: { [REF_NAME]: name } };
  return { ...descriptorOf(number), ...annotations };
}

function namesIn(index: LayoutIndex): string[] {
  const { manifests } = JSON.parse(textOf(formatLayoutIndex(index)));
  return manifests.map(
    (one: { annotations?: Record<string, string> }) => one.annotations?.[REF_NAME],
  );
}

describe("parseLayoutIndex()", () => {
  const { digest } = descriptorOf(1);
  const table: readonly (readonly [string | undefined, string | undefined, string | undefined])[] =
    [
      ["devfile-catalog/go:2.0.0", "devfile-catalog/go", "2.0.0"],
      ["go:latest", "go", "latest"],
      ["docker.io/library/busybox:1.36", "docker.io/library/busybox", "1.36"],
      [`devfile-catalog/go@${digest}`, "devfile-catalog/go", undefined],
      ["v1.0", undefined, "v1.0"],
      [undefined, undefined, undefined],
      ["", undefined, undefined],
      ["localhost:5000/go:1.0", "localhost:5000/go", "1.0"],
      ["../up:1.0", undefined, undefined],
      [`go@sha256:${"f".repeat(64)}`, undefined, undefined],
      [":1.0", undefined, undefined],
      ["go:", undefined, undefined],
    ];
  for (const [name, repository, tag] of table) {
    test(`reads the name ${JSON.stringify(name)}`, () => {
      const index = indexOf([named(name)]);
      const [entry] = [
        ...index.others,
        ...[...index.repositories.values()].flatMap((roots) => [...roots.values()]),
      ];
      expect(entry?.repository).toBe(repository);
      expect(entry?.tag).toBe(tag);
    });
  }

  test("keeps what other tools wrote, field for field", () => {
    const foreign = {
      schemaVersion: 2,
      manifests: [
        {
          ...named("v1.0"),
          urls: ["https://example.com/x"],
          annotations: { [REF_NAME]: "v1.0", a: "b" },
        },
        {
          ...named(undefined, 2),
          platform: { architecture: "arm64", os: "linux", "os.version": "1" },
        },
      ],
      annotations: { "org.example.kept": "yes" },
    };
    const index = withTag(
      parseLayoutIndex(utf8(JSON.stringify(foreign))),
      "go",
      "1.0",
      descriptorOf(3),
    );
    const written = JSON.parse(textOf(formatLayoutIndex(index)));
    expect(written.manifests.slice(0, 2)).toEqual(foreign.manifests);
    expect(written.annotations).toEqual(foreign.annotations);
  });

  test("keeps a second root of the same name, as layouts with one root per platform have it", () => {
    const index = indexOf([named("go:1.0", 1), named("go:1.0", 2)]);
    expect(namesIn(index)).toEqual(["go:1.0", "go:1.0"]);
    expect(rootsOf(index, "go").map((root) => root.descriptor.size)).toEqual([101, 102]);
  });
});

describe("rootsOf()", () => {
  test("gives roots without a repository to the one that takes them", () => {
    const index = indexOf([named("v1.0", 1), named(undefined, 2), named("go:1.0", 3)]);
    expect(rootsOf(index, "go")).toHaveLength(1);
    expect(rootsOf(index, "mine")).toHaveLength(0);
    expect(rootsOf(index, "mine", "mine").map(({ tag }) => tag)).toEqual(["v1.0", undefined]);
  });
});

describe("withTag() and withRoot()", () => {
  test("give the same index back when nothing changes", () => {
    const index = withTag(EMPTY_LAYOUT_INDEX, "go", "1.0", descriptorOf(1));
    expect(withTag(index, "go", "1.0", descriptorOf(1))).toBe(index);
    expect(withRoot(index, "go", descriptorOf(1))).toBe(index);
  });

  test("a tag takes the place of the untagged root", () => {
    const index = withRoot(EMPTY_LAYOUT_INDEX, "go", descriptorOf(1));
    expect(namesIn(index)).toEqual([`go@${descriptorOf(1).digest}`]);
    expect(namesIn(withTag(index, "go", "1.0", descriptorOf(1)))).toEqual(["go:1.0"]);
  });

  test("what a moved tag leaves behind stays a root unless another tag names it", () => {
    const both = withTag(
      withTag(EMPTY_LAYOUT_INDEX, "go", "1.0", descriptorOf(1)),
      "go",
      "latest",
      descriptorOf(1),
    );
    const one = withTag(both, "go", "latest", descriptorOf(2));
    expect(namesIn(one)).toEqual(["go:1.0", "go:latest"]);
    const none = withTag(one, "go", "1.0", descriptorOf(2));
    expect(namesIn(none)).toEqual(["go:1.0", "go:latest", `go@${descriptorOf(1).digest}`]);
  });

  test("a root takes the place of the untagged ones below it, in its own repository only", () => {
    let index = EMPTY_LAYOUT_INDEX;
    for (const repository of ["go", "other"]) index = withRoot(index, repository, descriptorOf(1));
    index = withRoot(index, "go", descriptorOf(2), [descriptorOf(1)]);
    expect(namesIn(index)).toEqual([
      `go@${descriptorOf(2).digest}`,
      `other@${descriptorOf(1).digest}`,
    ]);
  });

  test("no sequence of edits loses a root, and what is written is read back the same", () => {
    const edit = fc.record({
      repository: fc.constantFrom("a", "a/b"),
      tag: fc.option(fc.constantFrom("1.0", "latest"), { nil: undefined }),
      number: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
        const index = edits.reduce(
          (current, { repository, tag, number }) =>
            tag === undefined
              ? withRoot(current, repository, descriptorOf(number))
              : withTag(current, repository, tag, descriptorOf(number)),
          EMPTY_LAYOUT_INDEX,
        );
        for (const { repository, number } of edits) {
          const digests = rootsOf(index, repository).map(({ descriptor }) => descriptor.digest);
          expect(digests).toContain(descriptorOf(number).digest);
        }
        const last = edits.findLast(({ tag }) => tag !== undefined);
        const tagged = rootsOf(index, last?.repository ?? "").find(({ tag }) => tag === last?.tag);
        if (last) expect(tagged?.descriptor).toEqual(descriptorOf(last.number));
        const bytes = formatLayoutIndex(index);
        expect(formatLayoutIndex(parseLayoutIndex(bytes))).toEqual(bytes);
      }),
    );
  });
});
