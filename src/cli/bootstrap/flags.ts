import { connectionFlags, repositoryFlags } from "../connection-flags.ts";
import { optionalFlag, valueFlag } from "../flag.ts";
import { choice, duration, registryLocation } from "../values.ts";

/** The flags of `devreg bootstrap`. */
export const bootstrapFlags = {
  registry: optionalFlag(registryLocation, {
    placeholder: "HOST[:PORT][/PREFIX]",
    help: "The registry to load; required",
  }),
  wait: valueFlag(duration, {
    placeholder: "DURATION",
    default: "2m",
    help: "How long to wait for a registry that is not up yet",
  }),
  ...repositoryFlags,
  ...connectionFlags,
  format: valueFlag(choice(["text", "json"]), {
    placeholder: "text|json",
    default: "text",
    help: "Form of the report on standard output",
  }),
};
