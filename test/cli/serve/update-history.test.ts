import { describe, expect, test } from "bun:test";
import { type EndedUpdate, UpdateHistory } from "../../../src/cli/serve/update-history.ts";
import { REMEMBERED_TEXT_CHARS, REMEMBERED_UPDATES } from "../../../src/update-limits.ts";

const at = (second: number) => new Date(second * 1000);
const ended = (second: number, update: Partial<EndedUpdate> = {}): EndedUpdate => ({
  askedBy: ["webhook"],
  state: "unchanged",
  began: at(second),
  ms: 500,
  before: "a",
  after: "a",
  trouble: undefined,
  ...update,
});
const away = { kind: "unreachable", detail: "no route" } as const;

describe("UpdateHistory", () => {
  test("remembers the last updates, the newest first, and when something changed", () => {
    const history = new UpdateHistory();
    for (let second = 0; second < REMEMBERED_UPDATES + 5; second += 1) {
      history.add(ended(second, { state: "updated", after: `${second}` }));
    }
    history.add(ended(100));
    const { updates, lastChange } = history.log();
    expect(updates).toHaveLength(REMEMBERED_UPDATES);
    expect(updates.slice(0, 2)).toMatchObject([{ began: at(100) }, { after: "24" }]);
    expect(lastChange).toEqual(new Date(24_500));
  });

  test("counts what is alike, so that what fails again and again hides nothing else", () => {
    const history = new UpdateHistory();
    history.add(ended(0, { state: "updated", after: "b" }));
    for (let second = 1; second <= 40; second += 1) {
      history.add(ended(second, { askedBy: ["poll"], state: "failed", trouble: away }));
      history.add(ended(second, { askedBy: ["registry"], state: "failed", trouble: away }));
    }
    expect(history.log().updates).toMatchObject([
      { askedBy: ["registry"], times: 40, began: at(40), firstBegan: at(1) },
      { askedBy: ["poll"], times: 40, began: at(40), firstBegan: at(1) },
      { state: "updated", times: 1 },
    ]);
  });

  test("counts together neither what changed something nor what is wrong in another way", () => {
    const history = new UpdateHistory();
    const refused = { kind: "refused", detail: "no" } as const;
    const others: readonly Partial<EndedUpdate>[] = [
      { state: "updated" },
      { state: "updated" },
      { state: "failed", trouble: away },
      { state: "failed", trouble: refused },
      { before: "c", after: "c" },
      { askedBy: ["webhook", "poll"] },
    ];
    for (const each of others) history.add(ended(0, each));
    expect(history.log().updates).toHaveLength(others.length);
  });

  test("keeps no more of a text than is shown", () => {
    const history = new UpdateHistory();
    const trouble = { kind: "broken", detail: "x".repeat(100_000) } as const;
    history.add(ended(0, { state: "failed", trouble }));
    const [update] = history.log().updates;
    expect(update?.trouble?.detail).toHaveLength(REMEMBERED_TEXT_CHARS);
  });

  test("tells when each was looked at, and which task looks next", () => {
    const history = new UpdateHistory();
    expect(history.log().looks).toEqual([]);
    history.looked("source", at(1), true);
    history.looked("source", at(2), false);
    history.plan("follow", at(9));
    history.plan("resync", at(8));
    history.plan("retry", at(4));
    history.plan("poll", at(5));
    const source = { of: "source", last: at(2), upToDate: at(1) } as const;
    const registry = { of: "registry", last: undefined, upToDate: undefined, next: at(9) } as const;
    expect(history.log().looks).toEqual([{ ...source, next: at(4) }, registry]);
    history.plan("retry", undefined);
    expect(history.log().looks).toEqual([{ ...source, next: at(5) }, registry]);
  });
});
