import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { findingsOf } from "../../../support/devfile-findings.ts";

const HEADER = "schemaVersion: 2.2.2\nmetadata: {name: go}\n";
const COUNT = 3000;

// What follows every way through the commands never ends.
setDefaultTimeout(60_000);

function lines(line: (index: number) => string): string {
  return Array.from({ length: COUNT }, (_, index) => line(index)).join("\n");
}

describe("rules on what a devfile means", () => {
  test.each<[string, number, string, string]>([
    [
      "unknown components",
      COUNT,
      "command-component",
      `components:\n${lines((at) => `- {name: c${at}, container: {image: a}}`)}
commands:\n${lines((at) => `- {id: i${at}, exec: {component: x${at}, commandLine: a}}`)}`,
    ],
    [
      "composite commands in a chain",
      1,
      "composite-unknown",
      `commands:\n${lines((at) => `- {id: i${at}, composite: {commands: [i${at + 1}]}}`)}`,
    ],
    [
      "composite commands that double",
      2,
      "composite-unknown",
      `commands:\n${lines((at) => `- {id: i${at}, composite: {commands: [i${at + 1}, i${at + 1}]}}`)}`,
    ],
    [
      "composite commands that double, in capitals",
      COUNT + 4,
      "composite-unknown",
      `commands:\n${lines((at) => `- {id: i${at}, composite: {commands: [I${at + 1}, i${at + 2}]}}`)}`,
    ],
    [
      "events of one large composite command",
      COUNT + 1,
      "event-kind",
      `commands:\n- {id: all, composite: {commands: [${"all2,".repeat(COUNT)}]}}
- {id: all2, apply: {component: a}}
events: {postStart: [${"all,".repeat(COUNT)}]}`,
    ],
    [
      "endpoints of one name",
      3 * (COUNT - 1),
      "endpoint-port",
      `components:\n${lines(() => "- {name: a, container: {image: a, endpoints: [{name: a, targetPort: 1}]}}")}`,
    ],
    [
      "a quantity of digits",
      1,
      "quantity",
      `components: [{name: a, volume: {size: "${"0".repeat(400_000)}x"}}]`,
    ],
    [
      "a name of many letters",
      1,
      "quantity",
      `components: [{name: a, volume: {size: "${"a".repeat(400_000)}"}}]`,
    ],
  ])("tell of %s once for each place, %d in all", (_, count, last, body) => {
    const findings = findingsOf(HEADER + body);
    expect(findings).toHaveLength(count);
    expect(findings.at(-1)?.rule).toBe(last);
  });
});
