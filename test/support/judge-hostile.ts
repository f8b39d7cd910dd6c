/**
 * Judges one hostile devfile in a process of its own, so that what it needs can be told: bun
 * test/support/judge-hostile.ts SHAPE COUNT. Prints how many findings there are, and the most memory
 * that the process had in bytes.
 */
import { readFileSync } from "node:fs";
import { utf8 } from "../../src/bytes.ts";
import { HOSTILE_SHAPES } from "./devfile-texts.ts";
import { judgeDevfile } from "./fuzz-targets.ts";

const [, , shape = "", count = ""] = process.argv;
const bytes = utf8(HOSTILE_SHAPES[shape]?.(Number(count)) ?? "");
const findings = judgeDevfile(bytes);
// What is told of a child when it ended counts the memory of the process that it was forked from.
const [, peakKib = ""] = /VmHWM:\s*(\d+)/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
console.log(JSON.stringify({ findings: findings.length, peakBytes: Number(peakKib) * 1024 }));
