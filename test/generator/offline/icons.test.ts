import { expect, test } from "bun:test";
import { makeOffline } from "../../../src/generator/offline/index.ts";
import { offlineDeps, svg } from "../../support/offline-deps.ts";
import { devfileText, generateFiles, stackText } from "../../support/registry-repository.ts";

test("makeOffline() finds the icon of a stack beside whichever version has it", async () => {
  const held = "data:,nothing";
  const files = {
    "stacks/go/stack.yaml": stackText("  - version: 2.0.0\n    default: true\n  - version: 1.0.0"),
    "stacks/go/2.0.0/devfile.yaml": devfileText({ version: "2.0.0", icon: held }),
    "stacks/go/1.0.0/devfile.yaml": devfileText({ version: "1.0.0", icon: held }),
    "stacks/go/1.0.0/logo.svg": svg("old"),
  };
  const deps = offlineDeps({}, { publicUrl: "https://devfiles.internal" });
  const { build, report } = await generateFiles(files, {
    offline: (content) => makeOffline(content, deps),
  });
  expect(report.leftOut).toEqual([]);
  const name = build?.info?.icons["stacks/go/1.0.0/logo.svg"];
  expect(build?.index[0]?.icon).toBe(`https://devfiles.internal/icons/${name}`);
  expect(build?.index[0]?.versions?.map(({ icon }) => icon)).toEqual([held, held]);
});

test("makeOffline() gives an icon that the index holds itself an address", async () => {
  const bytes = Buffer.from(svg("held"));
  const icon = `data:image/svg+xml;base64,${bytes.toString("base64")}`;
  const deps = offlineDeps({}, { publicUrl: "https://devfiles.internal" });
  const { build } = await generateFiles(
    { "stacks/go/devfile.yaml": devfileText({ icon }) },
    { offline: (content) => makeOffline(content, deps) },
  );
  const address = build?.index[0]?.icon ?? "";
  expect(address).toMatch(/^https:\/\/devfiles\.internal\/icons\/[0-9a-f]{64}\.svg$/);
  const stored = await build?.files.read(new URL(address).pathname.slice(1));
  expect(Buffer.from(stored ?? "").equals(bytes)).toBe(true);
  expect(build?.info?.icons).toEqual({});
});

test("makeOffline() stores no icon of what it leaves out", async () => {
  const [one, two] = ["https://web.example/one.svg", "https://web.example/two.svg"];
  const files = {
    "stacks/go/devfile.yaml": devfileText({ icon: one }, "parent:\n  uri: https://web.example/x\n"),
    "stacks/py/devfile.yaml": devfileText({ name: "py", icon: two }),
  };
  const deps = offlineDeps({ icons: { [one]: svg("one"), [two]: svg("two") } });
  const { build } = await generateFiles(files, {
    force: true,
    offline: (content) => makeOffline(content, deps),
  });
  expect(Object.keys(build?.info?.icons ?? {})).toEqual([two]);
  expect((await build?.files.paths())?.filter((path) => path.startsWith("icons/"))).toHaveLength(1);
});
