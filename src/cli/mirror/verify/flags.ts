import { optionalFlag } from "../../flag.ts";
import { choice } from "../../values.ts";
import { mirrorConnectionFlags, reportFlags, targetFlags } from "../flags.ts";

/** The flags of `devreg mirror verify`. */
export const verifyFlags = {
  at: {
    ...targetFlags.to,
    help: "Look at this registry, which the bundle was loaded into, in place of the bundle",
  },
  level: optionalFlag(choice(["tag", "graph", "blob"]), {
    placeholder: "tag|graph|blob",
    help: "Look at tags alone, ask for all that they need too (default with --at), or read and hash all of that (default for a bundle)",
  }),
  pathStyle: targetFlags.pathStyle,
  maxPathDepth: targetFlags.maxPathDepth,
  ...mirrorConnectionFlags,
  destCreds: {
    ...mirrorConnectionFlags.destCreds,
    help: "Credentials for the registry of --at; better in the environment, where ps does not show them",
  },
  format: reportFlags.format,
};
