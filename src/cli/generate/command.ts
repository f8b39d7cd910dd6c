import { REGISTRY_SOURCES } from "../../limits.ts";
import { defineCommand } from "../command.ts";
import { SOURCE_NOTES } from "../source-notes.ts";
import { generateFlags } from "./flags.ts";

/** `devreg generate`: registry repository → validated, packaged build. */
export const generateCommand = defineCommand({
  name: "generate",
  summary: "Make a validated, packaged build from registry repositories",
  operands: "REPO…",
  arity: { min: 1, max: REGISTRY_SOURCES },
  flags: generateFlags,
  notes: [
    "--image puts one layer on a base image: the devreg executable and the build, at /registry. No container engine is needed, and the same base, executable and repositories give the same digest. Without -o nothing else is written.",
    "The exit code is 2 when there are errors, when a forced build lacks something, and for warnings with --warnings-as-errors; else it is 6 when --diff finds differences, whatever was written.",
    ...SOURCE_NOTES,
  ],
  examples: [
    "devreg generate . -o build",
    "devreg generate . --check --no-network",
    "devreg generate . --check --no-network --changed-since origin/main",
    "devreg generate ./registry -o build --format json",
    "devreg generate . --check --diff /registry --format markdown",
    "devreg generate . --offline --image registry.corp:5000/team/devfile-index:1.0",
    "devreg generate https://git.example.com/team/registry.git#main ./overlay --on-duplicate last",
  ],
  run: async (edge, invocation) => {
    const { executeGenerate } = await import("./execute.ts");
    return executeGenerate(edge, invocation);
  },
});
