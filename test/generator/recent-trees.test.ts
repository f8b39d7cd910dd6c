import { expect, test } from "bun:test";
import { utf8 } from "../../src/bytes.ts";
import { RecentTrees } from "../../src/generator/recent-trees.ts";
import { parseYaml, type YamlNode } from "../../src/generator/yaml/index.ts";
import { RECENT_TREES } from "../../src/limits.ts";

function rootOf(bytes: Uint8Array): YamlNode {
  return parseYaml("devfile.yaml", bytes, () => undefined) ?? expect.unreachable();
}

test("RecentTrees keeps what was used last and reads the rest again", () => {
  const trees = new RecentTrees();
  const held = Array.from({ length: RECENT_TREES + 1 }, (_, at) => {
    const bytes = utf8(`# ${at}\nmetadata: {name: stack-${at}}\n`);
    const root = rootOf(bytes);
    return { root, treeOf: trees.hold("devfile.yaml", bytes, root) };
  });
  const [first, second] = held;
  expect(held.at(-1)?.treeOf()).toBe(held.at(-1)?.root ?? expect.unreachable());
  expect(second?.treeOf()).toBe(second?.root ?? expect.unreachable());
  const again = first?.treeOf();
  expect(again).not.toBe(first?.root ?? expect.unreachable());
  expect(again?.find(["metadata", "name"]).text()).toBe("stack-0");
  expect(again?.find(["metadata", "name"]).position()).toEqual(
    first?.root.find(["metadata", "name"]).position() ?? expect.unreachable(),
  );
  // It took the place of the one that was used least lately.
  expect(first?.treeOf()).toBe(again ?? expect.unreachable());
  expect(second?.treeOf()).not.toBe(second?.root ?? expect.unreachable());
});
