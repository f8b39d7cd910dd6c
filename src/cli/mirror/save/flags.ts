import { optionalFlag, switchFlag } from "../../flag.ts";
import { text } from "../../values.ts";
import { contentFlags, mirrorConnectionFlags, reportFlags } from "../flags.ts";

/** The flags of `devreg mirror save`. */
export const saveFlags = {
  to: optionalFlag(text, {
    placeholder: "DIR|FILE.tar|-",
    help: "The bundle to write: a folder, one tar file, or a tar on standard output; required",
  }),
  noExecutable: switchFlag({ help: "Leave this program out of the bundle" }),
  ...contentFlags,
  ...mirrorConnectionFlags,
  ...reportFlags,
};
