/**
 * A program for a test to kill: pushes artifacts into the image layout that it is given, and prints
 * the number of each when it is tagged. Arguments: folder, number of the first artifact, how many.
 */

import { eachBounded } from "../../src/concurrent.ts";
import { createCopier, createLayout, MemoryRepository } from "../../src/oci-client/index.ts";
import { writtenGraph, writtenRepository } from "./layout-writing.ts";
import { pushGraph } from "./sample-content.ts";

const [folder = "", first = "0", count = "0"] = process.argv.slice(2);
const registry = await createLayout(folder);
const { copyGraph } = createCopier();
const numbers = Array.from({ length: Number(count) }, (_, position) => Number(first) + position);
process.stdout.write("started\n");
await eachBounded(numbers, 4, async (number) => {
  const source = new MemoryRepository();
  const graph = writtenGraph(number);
  await pushGraph(source, graph);
  const target = registry.repository(writtenRepository(number));
  await copyGraph(source, target, graph.root.descriptor, { tag: `${number}.0` });
  process.stdout.write(`${number}\n`);
});
