import { expect, test } from "bun:test";
import fc from "fast-check";
import { filesBelow } from "../../src/generator/files-below.ts";
import { compareBytewise } from "../../src/generator/ordering.ts";

const name = fc.constantFrom("a", "b", "a.b", "a-b", "é", "\u{1f600}", "\uffff");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

test("filesBelow() gives what a look at each file gives", () => {
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 30 }), path, (paths, folder) => {
      const files = paths
        .toSorted(compareBytewise)
        .map((each) => ({ path: each, sizeBytes: 0, executable: false }));
      expect(filesBelow(files, folder)).toEqual(
        files.filter((file) => file.path.startsWith(`${folder}/`)),
      );
    }),
    { seed: 5, numRuns: 2_000 },
  );
});
