import { contentFlags, mirrorConnectionFlags, reportFlags, targetFlags } from "../flags.ts";

/** The flags of `devreg mirror load`. */
export const loadFlags = {
  ...targetFlags,
  publicUrl: contentFlags.publicUrl,
  ...mirrorConnectionFlags,
  cacheDir: {
    ...contentFlags.cacheDir,
    help: "Where a bundle from standard input is kept, so that an interrupted run goes on there",
  },
  ...reportFlags,
};
