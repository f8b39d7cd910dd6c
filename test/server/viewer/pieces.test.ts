import { describe, expect, test } from "bun:test";
import { MemoryRegistry } from "../../../src/oci-client/index.ts";
import { prepareServed } from "../../../src/server/index.ts";
import { html } from "../../../src/server/viewer/html.ts";
import { keptPiece } from "../../../src/server/viewer/pieces.ts";
import { sampleBuild } from "../../support/sample-build.ts";

const generation = async () =>
  prepareServed(await sampleBuild(), new MemoryRegistry(), { now: new Date(0) });

describe("keptPiece()", () => {
  test("makes a part once for all who ask, then and later", async () => {
    const one = await generation();
    let made = 0;
    const ask = () =>
      keptPiece(one, ["readme", "go"], async () => {
        made += 1;
        return html`<p>${made}</p>`;
      });
    const first = await Promise.all([ask(), ask(), ask()]);
    expect([...first, await ask()].map(({ markup }) => markup)).toEqual(Array(4).fill("<p>1</p>"));
  });

  test("tells parts of other keys and generations apart", async () => {
    const one = await generation();
    const make = (text: string) => () => html`${text}`;
    const markups = [
      await keptPiece(one, ["a", "b"], make("one")),
      await keptPiece(one, ["a,b"], make("two")),
      await keptPiece(await generation(), ["a", "b"], make("three")),
    ].map(({ markup }) => markup);
    expect(markups).toEqual(["one", "two", "three"]);
  });

  test("does not keep a failure", async () => {
    const one = await generation();
    const failing = () => Promise.reject(new Error("failed"));
    await expect(keptPiece(one, ["a"], failing)).rejects.toThrow("failed");
    expect((await keptPiece(one, ["a"], () => html`good`)).markup).toBe("good");
  });
});
