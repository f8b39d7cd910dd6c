import { defineCommand } from "../../command.ts";
import { loadFlags } from "./flags.ts";

/** `devreg mirror load`: bundle → any OCI registry. */
export const loadCommand = defineCommand({
  name: "mirror load",
  summary: "Load a bundle into a registry: images, the registry image, stacks, the index last",
  operands: "DIR|FILE.tar|-",
  arity: { min: 1, max: 1 },
  flags: loadFlags,
  notes: [
    "Devfiles, Dockerfiles and manifests are rewritten to the images at --to; with --public-url their starters, icons and parents to that address.",
    "Running it again sends only what the registry lacks.",
  ],
  examples: [
    "devreg mirror load bundle.tar --to registry.internal:5000/devfiles",
    "age -d bundle.tar.age | devreg mirror load - --to registry.internal:5000",
  ],
  run: async (edge, invocation) => {
    const { executeLoad } = await import("./execute.ts");
    return executeLoad(edge, invocation);
  },
});
