import { type BundleExecutable, openExecutable } from "../../../airgap/index.ts";
import { openContent } from "../../../bytes.ts";
import { createDigest } from "../../../oci-client/index.ts";
import type { ProcessEdge } from "../../edge.ts";

/** Opens this program, for the bundle; undefined when it runs from source or is not wanted. */
export async function bundleExecutable(
  { executable }: ProcessEdge,
  { noExecutable }: { readonly noExecutable: boolean },
): Promise<BundleExecutable | undefined> {
  if (executable === undefined || noExecutable) return undefined;
  const { content, size } = await openExecutable(executable.path, executable.platform);
  const digest = createDigest();
  for await (const chunk of openContent(content)) digest.update(chunk);
  return { content, size, digest: digest.digest() };
}
