import { defineCommand } from "../command.ts";
import { generateFlags } from "./flags.ts";

/** `devreg generate`: registry repository → validated, packaged build. */
export const generateCommand = defineCommand({
  name: "generate",
  summary: "Make a validated, packaged build from a registry repository",
  operands: "REPO",
  arity: { min: 1, max: 1 },
  flags: generateFlags,
  examples: [
    "devreg generate . -o build",
    "devreg generate . --check --no-network",
    "devreg generate ./registry -o build --format json",
  ],
  run: async (edge, invocation) => {
    const { executeGenerate } = await import("./execute.ts");
    return executeGenerate(edge, invocation);
  },
});
