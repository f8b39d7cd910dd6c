import { defineCommand } from "../../command.ts";
import { exportFlags } from "./flags.ts";

/** `devreg mirror export`: configuration for engines and clients of a cluster. */
export const exportCommand = defineCommand({
  name: "mirror export",
  summary: "Write the configuration that engines and clients need to use a mirror",
  operands: "DIR|FILE.tar|LOCK",
  arity: { min: 1, max: 1 },
  flags: exportFlags,
  notes: [
    "idms, itms, registries-conf and containerd-hosts let engines pull images by the names they had; they are not needed where devfiles were rewritten.",
    "clients: lists of registries for clusters, Che and Dev Spaces, odo, the OpenShift Toolkit of VS Code, and what leads https://registry.devfile.io, the one address of the OpenShift console, to the registry.",
    "Nothing is reached over the network. What cannot be expressed is told as a note.",
  ],
  examples: [
    "devreg mirror export bundle.tar --to registry:5000 --public-url https://devfiles.internal -o out",
    "devreg mirror export mirror.lock.json --to registry:5000/devfiles --format idms,itms -o out",
  ],
  run: async (edge, invocation) => {
    const { executeExport } = await import("./execute.ts");
    return executeExport(edge, invocation);
  },
});
