import { REGISTRY_SOURCES } from "../../../limits.ts";
import { defineCommand } from "../../command.ts";
import { copyFlags } from "./flags.ts";

/** `devreg mirror copy`: registry repository → registry, without a bundle between. */
export const copyCommand = defineCommand({
  name: "mirror copy",
  summary: "Mirror a registry with all that it names straight into another registry",
  operands: "REPO…|LOCK",
  arity: { min: 1, max: REGISTRY_SOURCES },
  flags: copyFlags,
  notes: [
    "It is mirror save and mirror load in one, for a machine that reaches both sides.",
    "Running it again sends only what the registry lacks.",
  ],
  examples: [
    "devreg mirror copy https://github.com/devfile/registry.git --to registry.internal:5000/devfiles",
  ],
  run: async (edge, invocation) => {
    const { executeCopy } = await import("./execute.ts");
    return executeCopy(edge, invocation);
  },
});
