import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

const AXE = readFileSync(join(import.meta.dir, "../../node_modules/axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** Gives what axe calls serious or critical on a page, each with the first element it is about. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  // Evaluated rather than added as an element, which the policy of the page forbids.
  await page.evaluate(AXE);
  const violations: Violation[] = await page.evaluate("axe.run().then((run) => run.violations)");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html}`);
}
