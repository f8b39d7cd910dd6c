import { listFlag, optionalFlag, valueFlag } from "../../flag.ts";
import { publicUrl, text } from "../../values.ts";
import { mirrorConnectionFlags, targetFlags } from "../flags.ts";
import { exportFormats, objectName } from "./values.ts";

/** The flags of `devreg mirror export`. */
export const exportFlags = {
  to: { ...targetFlags.to, help: "The registry that was mirrored into; required" },
  format: listFlag(exportFormats, {
    placeholder: "FORMAT[,FORMAT…]",
    help: "idms, itms, registries-conf, containerd-hosts, mapping, clients (default all)",
  }),
  output: optionalFlag(text, {
    short: "o",
    placeholder: "DIR",
    help: "The folder to write into; required",
  }),
  publicUrl: optionalFlag(publicUrl, {
    placeholder: "URL",
    help: "Where users reach the devfile registry (default: as the bundle was saved with)",
  }),
  name: valueFlag(objectName, {
    placeholder: "NAME",
    default: "devfile-registry",
    help: "Name of the objects in a cluster, and of the registry in clients",
  }),
  pathStyle: targetFlags.pathStyle,
  maxPathDepth: targetFlags.maxPathDepth,
  plainHttp: mirrorConnectionFlags.plainHttp,
};
