import { contentFlags, mirrorConnectionFlags, reportFlags, targetFlags } from "../flags.ts";

/** The flags of `devreg mirror copy`. */
export const copyFlags = {
  ...targetFlags,
  ...contentFlags,
  ...mirrorConnectionFlags,
  ...reportFlags,
};
