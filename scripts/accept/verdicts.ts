import { readFileSync } from "node:fs";
import { z } from "zod";
import { generateFiles } from "../../test/support/registry-repository.ts";

const Verdicts = z.array(
  z.object({ id: z.string(), accepted: z.boolean(), devfile: z.string() }).readonly(),
);

/**
 * Checks the recorded devfiles, each as a stack of one repository: what the Go generator rejects
 * must have an error, what it accepts no more than warnings.
 *
 * @throws {Error} when one verdict differs
 */
export async function acceptVerdicts(file: string): Promise<string> {
  const verdicts = Verdicts.parse(JSON.parse(readFileSync(file, "utf8")));
  const folders = verdicts.map((_, at) => `stacks/verdict-${at}/`);
  const files = verdicts.map(({ devfile }, at) => [`${folders[at]}devfile.yaml`, devfile]);
  const { report } = await generateFiles(Object.fromEntries(files));
  const errors = report.findings.filter(({ severity }) => severity === "error");
  const different = verdicts.flatMap(({ id, accepted }, at) => {
    const found = errors.filter((finding) => finding.file.startsWith(folders[at] ?? ""));
    if (accepted === (found.length === 0)) return [];
    const rules = found.map(({ rule, line, message }) => `${rule} at line ${line}: ${message}`);
    return [`${id} is ${accepted ? "accepted" : "rejected"}, here ${rules.join("; ") || "not"}`];
  });
  if (different.length > 0) throw new Error(different.join("\n"));
  const rejected = verdicts.filter(({ accepted }) => !accepted).length;
  return `${rejected} rejected, ${verdicts.length - rejected} accepted, as by the Go generator`;
}
