import { REGISTRY_SOURCES } from "../../../limits.ts";
import { defineCommand } from "../../command.ts";
import { SOURCE_NOTES } from "../../source-notes.ts";
import { planFlags } from "./flags.ts";

/** `devreg mirror plan`: registry repositories → lock, and a table of what would be moved. */
export const planCommand = defineCommand({
  name: "mirror plan",
  summary: "Find every image and file that a registry needs, and lock what it is",
  operands: "REPO…|LOCK",
  arity: { min: 1, max: REGISTRY_SOURCES },
  flags: planFlags,
  notes: [
    "Tags become digests, branches commits, archives and icons checksums; of images only manifests are fetched.",
    "A lock in place of repositories is planned again as it is: its repositories at their commits, its digests, and what flags do not say otherwise.",
    ...SOURCE_NOTES,
  ],
  examples: [
    "devreg mirror plan . -o mirror.lock.json",
    "devreg mirror plan . --platform linux/amd64 --exclude 'java-*'",
    "devreg mirror plan https://git.example.com/team/registry.git --check mirror.lock.json",
  ],
  run: async (edge, invocation) => {
    const { executePlan } = await import("./execute.ts");
    return executePlan(edge, invocation);
  },
});
