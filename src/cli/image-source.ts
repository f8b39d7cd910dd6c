import { resolve } from "node:path";
import type { LocatedImage } from "../airgap/index.ts";
import { DevregError } from "../errors.ts";
import type { ProcessEdge } from "./edge.ts";

/** The base of images of a registry, unless another is named. */
export const DEFAULT_BASE = "gcr.io/distroless/base-nossl-debian12";
/** The beginning of the name of an image in a folder. */
export const LAYOUT_SCHEME = "oci:";

/** An image in a folder with an OCI image layout. */
export interface LayoutReference {
  readonly folder: string;
  /** As the layout names it. */
  readonly name?: string;
}

/** Parses "oci:DIR[:NAME]"; the name begins at the first colon, as in skopeo. @throws {DevregError} USAGE */
export function parseLayoutReference(text: string): LayoutReference {
  const rest = text.slice(LAYOUT_SCHEME.length);
  const colon = rest.indexOf(":");
  const folder = colon < 0 ? rest : rest.slice(0, colon);
  const name = colon < 0 ? undefined : rest.slice(colon + 1);
  if (text.startsWith(LAYOUT_SCHEME) && folder !== "" && name !== "") {
    return { folder, ...(name === undefined ? {} : { name }) };
  }
  throw new DevregError("USAGE", `Cannot read "${text}"`, { hint: "The form is oci:DIR[:TAG]" });
}

/**
 * Opens an image on this machine: "oci:DIR[:NAME]".
 *
 * @throws {DevregError} USAGE; NOT_FOUND, INPUT_INVALID when it is not clear which image is meant
 */
export async function openImageSource(edge: ProcessEdge, text: string): Promise<LocatedImage> {
  const { folder, name } = parseLayoutReference(text);
  const { openLayoutImage } = await import("../airgap/index.ts");
  return openLayoutImage(resolve(edge.cwd, folder), name);
}
