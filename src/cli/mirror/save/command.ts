import { REGISTRY_SOURCES } from "../../../limits.ts";
import { defineCommand } from "../../command.ts";
import { saveFlags } from "./flags.ts";

/** `devreg mirror save`: registry repository → bundle. */
export const saveCommand = defineCommand({
  name: "mirror save",
  summary: "Save a registry with all that it names as a bundle: folder, tar or standard output",
  operands: "REPO…|LOCK",
  arity: { min: 1, max: REGISTRY_SOURCES },
  flags: saveFlags,
  notes: [
    "A bundle is an OCI image layout: images under their full names with their signatures, stacks, index, starter projects, icons, parents, the lock, the offline registry image, and this program.",
    "An image that cannot be had leaves out the stacks that name it; the rest is saved. Running it again goes on where it stopped.",
  ],
  examples: [
    "devreg mirror save ./my-registry --to bundle.tar --public-url https://devfiles.internal",
    "devreg mirror save ./my-registry --lock mirror.lock.json --platform linux/amd64 --to bundle",
    "devreg mirror save ./my-registry --to - | age -r KEY > bundle.tar.age",
  ],
  run: async (edge, invocation) => {
    const { executeSave } = await import("./execute.ts");
    return executeSave(edge, invocation);
  },
});
