import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { HOSTILE_SHAPES } from "../../support/devfile-texts.ts";

setDefaultTimeout(120_000);

const SCRIPT = join(import.meta.dir, "../../support/judge-hostile.ts");
const COUNT = 10_000;
const SLOWEST_MS = 5000;
const PEAK_BYTES = 512 * 1024 * 1024;

describe("a devfile that is made to hurt", () => {
  test.each(Object.keys(HOSTILE_SHAPES))(
    "with ten thousand %s is judged in bounds",
    async (shape) => {
      const count = shape === "keys" ? 2 * COUNT : COUNT;
      const child = Bun.spawn([process.execPath, SCRIPT, shape, String(count)], { stdout: "pipe" });
      const [out, code] = await Promise.all([child.stdout.text(), child.exited]);
      expect(code).toBe(0);
      const { ms, peakBytes } = JSON.parse(out);
      expect(ms).toBeLessThan(SLOWEST_MS);
      expect(peakBytes).toBeGreaterThan(0);
      expect(peakBytes).toBeLessThan(PEAK_BYTES);
    },
  );
});
