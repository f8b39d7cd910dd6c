import { defineCommand } from "../../command.ts";
import { auditFlags } from "./flags.ts";

/** `devreg mirror audit`: does anything lead out? */
export const auditCommand = defineCommand({
  name: "mirror audit",
  summary: "List every reference that clients follow out of the allowed hosts",
  operands: "DIR|FILE.tar|HOST[:PORT][/PREFIX]",
  arity: { min: 1, max: 1 },
  flags: auditFlags,
  notes: [
    "DIR is a build or a bundle; HOST a registry that a build was published to. A word that is a folder or file is not taken for a host.",
    "The exit code is 3 when there are findings, 2 when something could not be looked into. Repositories of samples, words that may be images, and addresses that nothing classifies are listed, and are no findings.",
    "Images of a bundle count as mirrored: they are renamed when it is loaded.",
  ],
  examples: [
    "devreg mirror audit registry.internal:5000/devfiles --allow git.internal",
    "devreg mirror audit build --allow registry.internal:5000 --format json",
  ],
  run: async (edge, invocation) => {
    const { executeAudit } = await import("./execute.ts");
    return executeAudit(edge, invocation);
  },
});
