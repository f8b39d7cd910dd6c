/**
 * Compares verdicts on made-up devfiles with those of the devfile library:
 * `bun scripts/accept/verdict-fuzz.ts [RUNS] [SEED]`. Needs Go.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { z } from "zod";
import type { Finding } from "../../src/generator/index.ts";
import { findingsOf } from "../../test/support/devfile-findings.ts";
import { mutant } from "./verdict-mutants.ts";

const Answer = z.object({ accepted: z.boolean(), message: z.string().optional() });
const ORACLE = join(import.meta.dir, "verdict-oracle");
const RUNS = 20_000;
const SEED = 1;
/** How many devfiles are made and judged at a time; all of them are not held in memory. */
const BATCH = 1000;
const SHOWN = 10;

/** Tells whether the devfile library can be built here. */
export function hasGo(): boolean {
  return Bun.which("go") !== null;
}

/**
 * Judges made-up devfiles as the library does.
 *
 * @throws {Error} when one verdict differs, with the devfiles concerned
 */
export async function acceptVerdictFuzz(runs = RUNS, seed = SEED): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), "devreg-verdicts-"));
  try {
    const oracle = join(work, "oracle");
    const built = Bun.spawnSync(["go", "build", "-o", oracle, "."], { cwd: ORACLE });
    if (!built.success) throw new Error(`Cannot build the oracle: ${built.stderr}`);
    const different: string[] = [];
    let accepted = 0;
    for (let done = 0; done < runs && different.length < SHOWN; done += BATCH) {
      const numRuns = Math.min(BATCH, runs - done);
      const devfiles = fc.sample(mutant, { numRuns, seed: seed + done });
      const answers = await ask(oracle, devfiles);
      accepted += answers.filter((answer) => answer.accepted).length;
      different.push(...devfiles.flatMap((text, at) => differences(text, answers[at])));
    }
    if (different.length > 0) throw new Error(different.slice(0, SHOWN).join("\n---\n"));
    return `${runs} devfiles judged alike, ${accepted} of them accepted`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function ask(oracle: string, devfiles: readonly string[]): Promise<z.infer<typeof Answer>[]> {
  const lines = devfiles.map((text) => JSON.stringify(text)).join("\n");
  const child = Bun.spawn([oracle], { stdin: new Blob([lines]), stdout: "pipe" });
  const said = (await child.stdout.text()).trim().split("\n");
  if (said.length !== devfiles.length) throw new Error(`The oracle gave ${said.length} answers`);
  return said.map((line) => Answer.parse(JSON.parse(line)));
}

function differences(text: string, answer: z.infer<typeof Answer> | undefined): string[] {
  const errors = findingsOf(text).filter((each) => each.severity === "error" && !isOfIndex(each));
  if (answer?.accepted === (errors.length === 0)) return [];
  const ours = errors.map(({ rule, line, message }) => `${rule} at line ${line}: ${message}`);
  const theirs = answer?.message ?? "accepted";
  return [`${text}\nhere: ${ours.join("; ") || "accepted"}\nthere: ${theirs}`];
}

/** What the index reads of metadata is refused by the Go generator; the library does not look at it. */
function isOfIndex({ rule, path = "" }: Finding): boolean {
  return rule === "yaml-type" && path.startsWith("metadata.");
}

if (import.meta.main) {
  console.log(
    await acceptVerdictFuzz(Number(process.argv[2] ?? RUNS), Number(process.argv[3] ?? SEED)),
  );
}
