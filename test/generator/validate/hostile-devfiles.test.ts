import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { HOSTILE_SHAPES } from "../../support/devfile-texts.ts";

setDefaultTimeout(120_000);

const SCRIPT = join(import.meta.dir, "../../support/judge-hostile.ts");
const COUNT = 10_000;
/** Something may be wrong with each part, and is not told of each pair of them. */
const MOST_FINDINGS = 2 * COUNT;
const PEAK_BYTES = 512 * 1024 * 1024;

describe("a devfile that is made to hurt", () => {
  test.each(Object.keys(HOSTILE_SHAPES))(
    "with ten thousand %s is judged in bounds",
    async (shape) => {
      const count = shape === "keys" ? 2 * COUNT : COUNT;
      const child = Bun.spawn([process.execPath, SCRIPT, shape, String(count)], { stdout: "pipe" });
      const [out, code] = await Promise.all([child.stdout.text(), child.exited]);
      expect(code).toBe(0);
      const { findings, peakBytes } = JSON.parse(out);
      expect(findings).toBeLessThan(MOST_FINDINGS);
      expect(peakBytes).toBeGreaterThan(0);
      expect(peakBytes).toBeLessThan(PEAK_BYTES);
    },
  );
});
