import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { HASH_SLOT_BYTES, HASH_SLOTS } from "../src/api-limits.ts";
import { HashThread } from "../src/hash-thread.ts";

/** Bytes that are all different from their neighbours, and from those of another seed. */
function sample(size: number, seed: number): Uint8Array {
  return new Uint8Array(size).map((_, at) => (at * 31 + (at >> 8) * 17 + seed * 101) & 0xff);
}

function begin(thread: HashThread, algorithm = "sha256") {
  return thread.begin(algorithm) ?? expect.unreachable("threads work here");
}

describe("HashThread", () => {
  test.each(["sha256", "sha512"])("makes the same %s as one makes here", async (algorithm) => {
    const hash = begin(new HashThread(), algorithm);
    const known = createHash(algorithm);
    for (const size of [1, HASH_SLOT_BYTES, HASH_SLOT_BYTES * 3 + 7, 100]) {
      const chunk = sample(size, size);
      known.update(chunk);
      await hash.update(chunk);
      // Who gave a chunk away may use its memory again at once.
      chunk.fill(0);
    }
    expect(await hash.digest()).toBe(known.digest("hex"));
  });

  test("keeps many at once apart, with more chunks than there is room for", async () => {
    const thread = new HashThread();
    const all = Array.from({ length: HASH_SLOTS * 3 }, async (_, seed) => {
      const hash = begin(thread);
      const known = createHash("sha256");
      for (let round = 0; round < 4; round += 1) {
        const chunk = sample(HASH_SLOT_BYTES, seed * 10 + round);
        known.update(chunk);
        await hash.update(chunk);
      }
      return [await hash.digest(), known.digest("hex")] as const;
    });
    for (const [ours, known] of await Promise.all(all)) expect(ours).toBe(known);
  });

  test("gives room back that was taken by what nobody wants any more", async () => {
    const thread = new HashThread();
    for (let given = 0; given < HASH_SLOTS * 2; given += 1) {
      const hash = begin(thread);
      await hash.update(sample(HASH_SLOT_BYTES, given));
      hash.drop();
      hash.drop();
    }
    const hash = begin(thread);
    await hash.update(Uint8Array.of(1, 2, 3));
    const known = createHash("sha256")
      .update(Uint8Array.of(1, 2, 3))
      .digest("hex");
    expect(await hash.digest()).toBe(known);
    hash.drop();
  });

  test("fails, and leaves hashing to others, when the thread does", async () => {
    const thread = new HashThread();
    const hash = begin(thread, "no such algorithm");
    await hash.update(sample(10, 1));
    await expect(hash.digest()).rejects.toMatchObject({ code: "IO" });
    expect(thread.begin("sha256")).toBeUndefined();
  });
});
