import { OCTET_STREAM } from "../../oci-client/index.ts";

const BY_EXTENSION: ReadonlyMap<string, string> = new Map(
  Object.entries({
    // Parity: the types that the Go server gives for files of a stack.
    yaml: "application/x-yaml",
    yml: "application/x-yaml",
    json: "application/json",
    md: "text/markdown; charset=utf-8",
    txt: "text/plain; charset=utf-8",
    svg: "image/svg+xml",
    png: "image/png",
    jpg: "image/jpeg",
    jpeg: "image/jpeg",
    gif: "image/gif",
    webp: "image/webp",
    ico: "image/x-icon",
    zip: "application/zip",
    tar: "application/x-tar",
  }),
);

/** Gives the media type of a file by the end of its name. */
export function mediaTypeOf(path: string): string {
  const dot = path.lastIndexOf(".");
  const extension = dot < path.lastIndexOf("/") ? "" : path.slice(dot + 1).toLowerCase();
  return BY_EXTENSION.get(extension) ?? OCTET_STREAM;
}

/** Tells whether content of this type gets smaller by compressing. */
export function isCompressible(mediaType: string): boolean {
  return /^text\/|[/+](?:json|xml|x-yaml)(?:;|$)/.test(mediaType);
}
