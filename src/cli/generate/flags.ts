import { repositoryFlags } from "../connection-flags.ts";
import { optionalFlag, switchFlag, valueFlag } from "../flag.ts";
import { choice, text } from "../values.ts";

/** The flags of `devreg generate`. */
export const generateFlags = {
  output: valueFlag(text, {
    short: "o",
    placeholder: "DIR",
    default: "build",
    help: "Folder of the build; an older build there is replaced only on success",
  }),
  check: switchFlag({ help: "Validate only, write nothing" }),
  ...repositoryFlags,
  format: valueFlag(choice(["text", "json", "github"]), {
    placeholder: "text|json|github",
    default: "text",
    help: "Form of the report on standard output",
  }),
  caFile: optionalFlag(text, {
    placeholder: "FILE",
    help: "PEM certificates to trust beside the built-in ones",
  }),
};
