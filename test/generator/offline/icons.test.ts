import { expect, test } from "bun:test";
import { makeOffline } from "../../../src/generator/offline/index.ts";
import { offlineDeps, svg } from "../../support/offline-deps.ts";
import { devfileText, generateFiles, stackText } from "../../support/registry-repository.ts";

test("makeOffline() finds the icon of a stack beside whichever version has it", async () => {
  const held = "data:image/svg+xml;base64,PHN2Zy8+";
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
