import { describe, expect, test } from "bun:test";
import { utf8 } from "../../../../src/bytes.ts";
import { type IndexEntry, readDevfileValue } from "../../../../src/generator/index.ts";
import { describeChanges } from "../../../../src/server/viewer/stack/compare/changes.ts";
import { diffView } from "../../../../src/server/viewer/stack/compare/diff-view.ts";
import { diffFileLines } from "../../../../src/server/viewer/stack/compare/line-diff.ts";
import { modelOf } from "../../../../src/server/viewer/stack/devfile-model.ts";
import type { OpenedVersion } from "../../../../src/server/viewer/stack/open-version.ts";
import { DIFF_EDITS } from "../../../../src/viewer-limits.ts";

const ENTRY: IndexEntry = { name: "go", type: "stack" };

function opened(devfile: string, files: Readonly<Record<string, string>> = {}): OpenedVersion {
  const read = readDevfileValue(utf8(devfile));
  return {
    entry: ENTRY,
    version: { name: "1.0.0", version: undefined, isDefault: true, isLatest: true },
    devfile,
    model: read && modelOf(read),
    origins: new Map(),
    files: Object.entries(files).map(([name, hash]) => {
      return { name, sizeBytes: hash.length, isPacked: true, hash };
    }),
    readme: undefined,
    isClosed: false,
  };
}

const BEFORE = `schemaVersion: 2.1.0
metadata: {name: go, version: 1.0.0, tags: [Go, Old]}
starterProjects: [{name: starter, git: {checkoutFrom: {revision: v1}}}]
components:
  - name: runtime
    container:
      image: a.example/go:1
      memoryLimit: 1Gi
      endpoints: [{name: http, targetPort: 8080}]
      env: [{name: PORT, value: "1"}]
commands:
  - id: build
    exec: {commandLine: make, group: {kind: build}}
  - id: gone
    exec: {commandLine: x}
`;
const AFTER = `schemaVersion: 2.2.0
metadata: {name: go, version: 2.0.0, tags: [Go]}
starterProjects: [{name: starter, git: {checkoutFrom: {revision: v2}}}]
components:
  - name: runtime
    container:
      image: a.example/go:2
      memoryLimit: 2Gi
      endpoints: [{name: http, targetPort: 9090}, {name: debug, targetPort: 1}]
      env: [{name: PORT, value: "2"}]
  - name: data
    volume: {size: 1Gi}
commands:
  - id: build
    exec: {commandLine: make all, group: {kind: build}}
`;

describe("describeChanges()", () => {
  test("tells part by part what came, went and changed", () => {
    const parts = describeChanges(
      opened(BEFORE, { Dockerfile: "1", old: "x", same: "y", other: "a" }),
      opened(AFTER, { Dockerfile: "22", new: "x", same: "y", other: "b" }),
    );
    const said = parts.flatMap(({ part, changes }) =>
      changes.map(({ kind, name, fields }) =>
        [
          `${part}: ${kind} ${name}`,
          ...fields.map(({ field, before, after }) => `${field} ${before} → ${after}`.trim()),
        ].join("; "),
      ),
    );
    expect(said).toEqual([
      "Metadata: changed schemaVersion; 2.1.0 → 2.2.0",
      "Metadata: changed tags; Go, Old → Go",
      "Metadata: changed version; 1.0.0 → 2.0.0",
      "Images: changed runtime; a.example/go:1 → a.example/go:2",
      "Components: added data",
      "Components: changed runtime; memoryLimit 1Gi → 2Gi; env.PORT.value 1 → 2",
      "Endpoints: added debug of runtime",
      "Endpoints: changed http of runtime; targetPort 8080 → 9090",
      "Commands: removed gone",
      "Commands: changed build; exec.commandLine make → make all",
      "Starter projects: changed starter; git.checkoutFrom.revision v1 → v2",
      "Files: added new",
      "Files: removed old",
      "Files: changed Dockerfile; size 1 byte → 2 bytes",
      "Files: changed other",
    ]);
  });

  test("says nothing of what is equal, and only of files where a devfile is broken", () => {
    expect(describeChanges(opened(BEFORE), opened(BEFORE))).toEqual([]);
    const parts = describeChanges(opened("a: ["), opened(BEFORE, { x: "y" }));
    expect(parts.map(({ part }) => part)).toEqual(["Files"]);
  });
});

describe("diffFileLines()", () => {
  test("joins what went and what came, and folds what is equal", async () => {
    const same = Array.from({ length: 20 }, (_, at) => `line ${at}`);
    const runs = await diffFileLines(["a", ...same, "b"], ["A", ...same, "b", "c"]);
    expect(
      runs?.map((run) => [run.kind, run.kind === "folded" ? run.count : run.after.length]),
    ).toEqual([
      ["changed", 1],
      ["same", 3],
      ["folded", 15],
      ["same", 3],
      ["changed", 1],
    ]);
  });

  test("gives every line its number", async () => {
    const runs = await diffFileLines(["a", "x", "b"], ["a", "b"]);
    expect(runs).toEqual([
      { kind: "same", before: [{ number: 1, text: "a" }], after: [{ number: 1, text: "a" }] },
      { kind: "changed", before: [{ number: 2, text: "x" }], after: [] },
      { kind: "same", before: [{ number: 3, text: "b" }], after: [{ number: 2, text: "b" }] },
    ]);
  });

  test("gives up on what differs too much", async () => {
    const count = 10 * DIFF_EDITS;
    const lines = (mark: string) => Array.from({ length: count }, (_, at) => `${mark}${at}`);
    expect(await diffFileLines(lines("a"), lines("b"))).toBeUndefined();
  }, 60_000);
});

describe("diffView()", () => {
  test("marks the words that differ in lines that changed, and escapes all of it", async () => {
    const { markup } = await diffView("a: <b> 1\n", "a: <b> 2\n", ["<old>", "<new>"]);
    expect(markup).toContain("<code>a: &lt;b&gt; <mark>1</mark></code>");
    expect(markup).toContain("<code>a: &lt;b&gt; <mark>2</mark></code>");
    expect(markup).toContain("&lt;old&gt;");
  });

  test("says that lines are equal", async () => {
    expect((await diffView("a\n", "a\r\n", ["1", "2"])).markup).toContain("are equal");
  });
});
