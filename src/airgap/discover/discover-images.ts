import { DevregError } from "../../errors.ts";
import type { Build } from "../../generator/index.ts";
import type { Discovery } from "./discovery.ts";
import type { MirrorRules } from "./mirror-rules.ts";

/**
 * Finds every place of a build that names an image: in devfiles, in the manifests and Dockerfiles
 * that they bring. Nothing is skipped: what is not to be pulled is there with the reason.
 */
export async function discoverImages(_build: Build, _rules: MirrorRules): Promise<Discovery> {
  throw new DevregError("UNSUPPORTED", "Cannot find images: not there yet");
}
