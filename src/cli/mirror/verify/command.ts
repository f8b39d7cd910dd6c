import { defineCommand } from "../../command.ts";
import { verifyFlags } from "./flags.ts";

/** `devreg mirror verify`: is everything there? */
export const verifyCommand = defineCommand({
  name: "mirror verify",
  summary: "Look whether a bundle, or a registry it was loaded into, holds all it should",
  operands: "DIR|FILE.tar|LOCK",
  arity: { min: 1, max: 1 },
  flags: verifyFlags,
  notes: [
    "Every problem names the image and the digest. The exit code is 3 when there are any, 4 when a registry denied access, 5 when it could not be reached.",
    "What is found missing at a registry is put there by: devreg mirror load",
  ],
  examples: [
    "devreg mirror verify bundle.tar",
    "devreg mirror verify bundle.tar --at registry.internal:5000/devfiles",
    "devreg mirror verify mirror.lock.json --at registry.internal:5000/devfiles",
  ],
  run: async (edge, invocation) => {
    const { executeVerify } = await import("./execute.ts");
    return executeVerify(edge, invocation);
  },
});
