import { repositoryFlags } from "../connection-flags.ts";
import { listFlag, optionalFlag, switchFlag, valueFlag } from "../flag.ts";
import { choice, publicUrl, text } from "../values.ts";

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
  offline: switchFlag({
    help: "Bring starter projects, parents, icons and samples into the build, so that it needs nothing outside",
  }),
  publicUrl: optionalFlag(publicUrl, {
    placeholder: "URL",
    help: "The address users will reach the registry at; an offline build points there",
  }),
  parents: optionalFlag(choice(["registry", "flatten"]), {
    placeholder: "registry|flatten",
    help: "What an offline build makes of parents: references to the public URL (default with one) or parts of the devfiles",
  }),
  alsoKnownAs: listFlag(publicUrl, {
    placeholder: "URL",
    help: "Addresses by which devfiles know this registry (default https://registry.devfile.io)",
  }),
  gitBase: optionalFlag(publicUrl, {
    placeholder: "URL",
    help: "Where clients of an offline build find the repositories of samples, each at its own path",
  }),
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
