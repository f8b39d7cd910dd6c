import { optionalFlag, valueFlag } from "../../flag.ts";
import { choice, text } from "../../values.ts";
import { contentFlags, mirrorConnectionFlags } from "../flags.ts";

const { binary: _binary, ...content } = contentFlags;
const { destCreds: _destCreds, ...connection } = mirrorConnectionFlags;

/** The flags of `devreg mirror plan`. */
export const planFlags = {
  output: optionalFlag(text, {
    short: "o",
    placeholder: "FILE",
    help: "The lock to write (default mirror.lock.json, with --check none)",
  }),
  check: optionalFlag(text, {
    placeholder: "LOCK",
    help: "Compare with this lock instead, and end with 5 where anything differs",
  }),
  ...content,
  ...connection,
  format: valueFlag(choice(["text", "json"]), {
    placeholder: "text|json",
    default: "text",
    help: "Form of the plan on standard output",
  }),
};
