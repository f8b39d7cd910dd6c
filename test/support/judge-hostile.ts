/**
 * Judges one hostile devfile in a process of its own, so that what it needs can be told: bun
 * test/support/judge-hostile.ts SHAPE COUNT. Prints how many findings there are and the milliseconds
 * of a processor that they took.
 */
import { utf8 } from "../../src/bytes.ts";
import { HOSTILE_SHAPES } from "./devfile-texts.ts";
import { judgeDevfile } from "./fuzz-targets.ts";

const [, , shape = "", count = ""] = process.argv;
const bytes = utf8(HOSTILE_SHAPES[shape]?.(Number(count)) ?? "");
const start = process.cpuUsage();
const findings = judgeDevfile(bytes);
const { user, system } = process.cpuUsage(start);
console.log(JSON.stringify({ findings: findings.length, ms: (user + system) / 1000 }));
