import { auditBuild, parseMirrorRules } from "../../../airgap/index.ts";
import { YAML_BYTES } from "../../../limits.ts";
import type { Invocation } from "../../command.ts";
import type { ProcessEdge } from "../../edge.ts";
import { commandLogger } from "../../output.ts";
import { EXIT } from "../../report.ts";
import { readSmallFile } from "../plan/lock-input.ts";
import { openAudited } from "./audited.ts";
import type { auditFlags } from "./flags.ts";
import { renderAudit } from "./render.ts";

/** Runs `devreg mirror audit` and gives its exit code. */
export async function executeAudit(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof auditFlags>,
): Promise<number> {
  const [operand = ""] = operands;
  await using closing = new AsyncDisposableStack();
  const audited = await openAudited(edge, operand, config, commandLogger(edge), closing);
  const rules =
    config.config === undefined
      ? audited.rules
      : parseMirrorRules(config.config, await readSmallFile(edge, config.config, YAML_BYTES));
  const audit = await auditBuild(audited.build, {
    allow: [...config.allow, ...audited.hosts],
    exclude: config.exclude,
    publicUrl: config.publicUrl ?? audited.build.info?.offline?.publicUrl,
    lock: audited.lock,
    rules,
  });
  edge.stdout.write(renderAudit(audit, operand, config.format));
  if (audit.findings.length > 0) return EXIT.mismatch;
  return audit.notes.length > 0 ? EXIT.failed : EXIT.done;
}
