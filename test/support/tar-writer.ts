/**
 * A program for a test to kill: writes artifacts into a tar, and prints the digest of each blob that
 * it reads from its source. Arguments: folder, how many artifacts.
 */

import { eachBounded } from "../../src/concurrent.ts";
import { writtenGraph, writtenRepository } from "./layout-writing.ts";
import { inChunks } from "./sample-content.ts";
import { tarFile } from "./tar-layout.ts";

const [folder = "", count = "0"] = process.argv.slice(2);
const graphs = Array.from({ length: Number(count) }, (_, number) => writtenGraph(number));
const all = graphs.flatMap(({ root, below }) => [...below, root]);
const writer = await tarFile(
  folder,
  all.map(({ descriptor }) => descriptor),
);
process.stdout.write("started\n");
await eachBounded([...graphs.entries()], 4, async ([number, { root, below }]) => {
  const repository = writer.repository(writtenRepository(number));
  await eachBounded([...below, root], 1, async ({ descriptor, bytes }) => {
    if (await repository.exists(descriptor)) return;
    const manifest = descriptor.mediaType.includes("vnd.oci.image");
    if (!manifest) process.stdout.write(`${descriptor.digest}\n`);
    await repository.push(descriptor, manifest ? bytes : inChunks(bytes, 20_000));
  });
  await repository.tag(root.descriptor, `${number}.0`);
});
await writer.finish();
