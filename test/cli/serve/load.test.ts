import { describe, expect, test } from "bun:test";
import { chooseFirst } from "../../../src/cli/serve/load.ts";
import { sampleGeneration } from "../../support/sample-generation.ts";

describe("chooseFirst()", () => {
  test("begins with the newer one of what is named and what was kept", async () => {
    const [older, newer] = [await sampleGeneration(1), await sampleGeneration(2)];
    for (const isLive of [true, false]) {
      expect(await chooseFirst(older, newer, isLive)).toBe(newer);
      expect(await chooseFirst(newer, older, isLive)).toBe(newer);
      expect(await chooseFirst(newer, undefined, isLive)).toBe(newer);
      expect(await chooseFirst(undefined, older, isLive)).toBe(older);
      expect(await chooseFirst(undefined, undefined, isLive)).toBeUndefined();
    }
  });

  test("believes what was kept only where something knows better later", async () => {
    const named = await sampleGeneration(1, { known: false });
    const kept = await sampleGeneration(1);
    expect(await chooseFirst(named, kept, true)).toBe(kept);
    expect(await chooseFirst(named, kept, false)).toBe(named);
  });
});
