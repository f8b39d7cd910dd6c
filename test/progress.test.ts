import { describe, expect, test } from "bun:test";
import { createProgress, noProgress, type ProgressOptions } from "../src/progress.ts";

/** A display whose clock stands still until the test moves it. */
function display(options: Partial<ProgressOptions> = {}) {
  const written: string[] = [];
  const clock = { nowMs: 1_000_000 };
  const start = createProgress({
    terminal: true,
    write: (text) => written.push(text),
    nowMs: () => clock.nowMs,
    ...options,
  });
  return { start, written, clock };
}

const CLEAR = "\r\u001b[2K";

describe("createProgress()", () => {
  test("shows nothing of an operation that ends within two seconds", () => {
    const { start, written, clock } = display();
    const progress = start("Pushing");
    progress.total(3);
    for (let item = 0; item < 3; item += 1) {
      clock.nowMs += 600;
      progress.done(`item ${item}`);
    }
    clock.nowMs += 199;
    progress.end();
    expect(written).toEqual([]);
  });

  test("rewrites one line of a terminal from then on, and clears it at the end", () => {
    const { start, written, clock } = display();
    const progress = start("Pushing");
    progress.total(3);
    clock.nowMs += 2_000;
    progress.done("go 2.0.0");
    clock.nowMs += 100;
    progress.done();
    progress.end();
    expect(written).toEqual([`${CLEAR}Pushing 1/3 go 2.0.0`, `${CLEAR}Pushing 2/3`, CLEAR]);
  });

  test("draws no more often than every 100 ms", () => {
    const { start, written, clock } = display();
    const progress = start("Pushing");
    clock.nowMs += 2_000;
    for (let item = 0; item < 1_000; item += 1) {
      progress.done();
      clock.nowMs += 1;
    }
    expect(written).toHaveLength(10);
    expect(written[0]).toBe(`${CLEAR}Pushing 1`);
  });

  test("writes whole lines now and then where there is no terminal", () => {
    const { start, written, clock } = display({ terminal: false });
    const progress = start("Pushing");
    progress.total(20);
    for (let item = 1; item <= 20; item += 1) {
      clock.nowMs += 1_000;
      progress.done(`item ${item}`);
    }
    progress.end();
    expect(written).toEqual([
      "Pushing 2/20 item 2\n",
      "Pushing 7/20 item 7\n",
      "Pushing 12/20 item 12\n",
      "Pushing 17/20 item 17\n",
    ]);
  });

  test("is seen although nothing is done yet, and stops being drawn at the end", () => {
    let tick: () => void = () => undefined;
    let stopped = false;
    const every = (draw: () => void) => {
      tick = draw;
      return () => {
        stopped = true;
      };
    };
    const { start, written, clock } = display({ every });
    const progress = start("Cloning");
    tick();
    expect(written).toEqual([]);
    clock.nowMs += 2_500;
    tick();
    expect(written).toEqual([`${CLEAR}Cloning 0`]);
    progress.end();
    expect(stopped).toBe(true);
  });

  test("cuts the line to the width of the terminal", () => {
    const { start, written, clock } = display({ columns: 20 });
    const progress = start("Pushing");
    clock.nowMs += 2_000;
    progress.done("a-rather-long-repository-name");
    expect(written).toEqual([`${CLEAR}Pushing 1 a-rather…`]);
  });

  test("takes a terminal that does not know its width for one of 80 columns", () => {
    const { start, written, clock } = display({ columns: 0 });
    const progress = start("Pushing");
    clock.nowMs += 2_000;
    progress.done("go 2.0.0");
    expect(written).toEqual([`${CLEAR}Pushing 1 go 2.0.0`]);
  });

  test("a label from outside cannot steer the terminal or add lines", () => {
    for (const terminal of [true, false]) {
      const { start, written, clock } = display({ terminal });
      const progress = start("Pushing");
      clock.nowMs += 2_000;
      progress.done("x\u001b]0;title\u0007\nforged");
      const [line = ""] = written;
      expect(line.replace(CLEAR, "").trimEnd()).not.toMatch(/\p{Cc}/u);
    }
  });

  test("shows bytes moved, of how many, and the time left at the pace so far", () => {
    const { start, written, clock } = display();
    const progress = start("Copying");
    progress.total(3);
    progress.weigh(4096);
    clock.nowMs += 2_000;
    progress.advance(1024);
    clock.nowMs += 2_000;
    progress.done("app");
    clock.nowMs += 296_000;
    progress.advance(1024);
    clock.nowMs += 1_000;
    progress.advance(2048);
    expect(written).toEqual([
      `${CLEAR}Copying 0/3 1.0 KiB of 4.0 KiB, 6 s left`,
      `${CLEAR}Copying 1/3 1.0 KiB of 4.0 KiB, 12 s left app`,
      `${CLEAR}Copying 1/3 2.0 KiB of 4.0 KiB, 5 min left app`,
      `${CLEAR}Copying 1/3 4.0 KiB of 4.0 KiB app`,
    ]);
  });

  test("each operation has its own two seconds", () => {
    const { start, written, clock } = display();
    clock.nowMs += 10_000;
    const progress = start("Second");
    progress.done();
    expect(written).toEqual([]);
    progress.end();
  });
});

describe("noProgress", () => {
  test("takes every call", () => {
    const progress = noProgress("Anything");
    progress.total(1);
    progress.weigh(1);
    progress.advance(1);
    progress.done("x");
    progress.end();
    expect(progress).toBeDefined();
  });
});
