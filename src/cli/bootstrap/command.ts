import { REGISTRY_SOURCES } from "../../limits.ts";
import { defineCommand } from "../command.ts";
import { REGISTRY_NOTES, SOURCE_NOTES } from "../source-notes.ts";
import { bootstrapFlags } from "./flags.ts";

/** `devreg bootstrap`: build → any OCI registry. */
export const bootstrapCommand = defineCommand({
  name: "bootstrap",
  summary: "Load a build into an OCI registry, sending only what it lacks",
  operands: "[BUILD|REPO…]",
  arity: { min: 0, max: REGISTRY_SOURCES },
  flags: bootstrapFlags,
  notes: [
    "Without BUILD the folder named by DEVFILE_INDEX and DEVFILE_STACKS is taken, else /registry.",
    "Stack artifacts go first, the index artifact last; running it again finishes what was broken off.",
    ...SOURCE_NOTES,
    ...REGISTRY_NOTES,
  ],
  examples: [
    "devreg bootstrap build --registry localhost:5000",
    "DEVREG_AUTH_QUAY_IO=user:password devreg bootstrap --registry quay.io/team",
  ],
  run: async (edge, invocation) => {
    const { executeBootstrap } = await import("./execute.ts");
    return executeBootstrap(edge, invocation);
  },
});
