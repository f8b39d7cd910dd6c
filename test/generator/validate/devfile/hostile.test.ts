import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { findingsOf } from "../../../support/devfile-findings.ts";

const HEADER = "schemaVersion: 2.2.2\nmetadata: {name: go}\n";
const COUNT = 3000;
/** Far more than it takes; what grows with the square takes far more still. */
const TIME_MS = 10_000;

setDefaultTimeout(30_000);

function lines(line: (index: number) => string): string {
  return Array.from({ length: COUNT }, (_, index) => line(index)).join("\n");
}

describe("rules on what a devfile means", () => {
  test.each([
    [
      "unknown components",
      `components:\n${lines((at) => `- {name: c${at}, container: {image: a}}`)}
commands:\n${lines((at) => `- {id: i${at}, exec: {component: x${at}, commandLine: a}}`)}`,
    ],
    [
      "composite commands in a chain",
      `commands:\n${lines((at) => `- {id: i${at}, composite: {commands: [i${at + 1}]}}`)}`,
    ],
    [
      "composite commands that double",
      `commands:\n${lines((at) => `- {id: i${at}, composite: {commands: [i${at + 1}, i${at + 1}]}}`)}`,
    ],
    [
      "composite commands that double, in capitals",
      `commands:\n${lines((at) => `- {id: i${at}, composite: {commands: [I${at + 1}, i${at + 2}]}}`)}`,
    ],
    [
      "events of one large composite command",
      `commands:\n- {id: all, composite: {commands: [${"all2,".repeat(COUNT)}]}}
- {id: all2, apply: {component: a}}
events: {postStart: [${"all,".repeat(COUNT)}]}`,
    ],
    [
      "endpoints of one name",
      `components:\n${lines(() => "- {name: a, container: {image: a, endpoints: [{name: a, targetPort: 1}]}}")}`,
    ],
    ["a quantity of digits", `components: [{name: a, volume: {size: "${"0".repeat(400_000)}x"}}]`],
    ["a name of many letters", `components: [{name: a, volume: {size: "${"a".repeat(400_000)}"}}]`],
  ])("end in time with %s", (_, body) => {
    const started = performance.now();
    findingsOf(HEADER + body);
    expect(performance.now() - started).toBeLessThan(TIME_MS);
  });
});
