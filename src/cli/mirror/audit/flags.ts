import { listFlag } from "../../flag.ts";
import { host } from "../../values.ts";
import { contentFlags, mirrorConnectionFlags, reportFlags } from "../flags.ts";

/** The flags of `devreg mirror audit`. */
export const auditFlags = {
  allow: listFlag(host, {
    placeholder: "HOST[:PORT]",
    help: "Hosts that may be reached, beside the registry's own and that of the public URL",
  }),
  exclude: {
    ...contentFlags.exclude,
    help: "List apart what was left out on purpose: stacks and samples (name or name@version), addresses (a pattern with a slash)",
  },
  config: contentFlags.config,
  publicUrl: {
    ...contentFlags.publicUrl,
    help: "The address users reach the registry at (default: as the build was made with)",
  },
  ...mirrorConnectionFlags,
  destCreds: {
    ...mirrorConnectionFlags.destCreds,
    help: "Credentials for the registry; better in the environment, where ps does not show them",
  },
  format: reportFlags.format,
};
