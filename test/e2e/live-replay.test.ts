import { expect, setDefaultTimeout, test } from "bun:test";
import { replay } from "../support/live-replay.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(180_000);

test("three replicas follow pushes whose webhooks are lost, late, doubled and out of order", async () => {
  const report = await replay({
    seed: 5,
    pushes: 40,
    perSecond: 5,
    settleEvery: 8,
    replicas: 3,
  });
  const { faults, failures, webhooks, kinds } = report;
  expect(faults).toEqual([]);
  expect(Object.keys(kinds).sort()).toEqual([
    "add",
    "broken",
    "change",
    "delete",
    "force-push",
    "merge",
    "new version",
    "rename",
    "revert",
  ]);
  // Taken, too late, broken, or to be tried again, which the server does by itself.
  const statuses = Object.keys(webhooks).filter((name) => /^\d/.test(name));
  if (failures.length > 0) console.log(failures.join("\n"));
  expect(statuses.filter((status) => !["200", "409", "422", "503"].includes(status))).toEqual([]);
  expect(report.settles).toBe(6);
  expect(report.swaps).toBeGreaterThan(0);
  expect(report.rounds).toBeGreaterThan(report.swaps);
});
