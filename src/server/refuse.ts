import { ociErrorReply, type ReplyOptions, statusReply } from "./http/index.ts";

/** Tells whether an address belongs to the OCI registry. */
export function isV2Path(path: string): boolean {
  return path === "/v2" || path.startsWith("/v2/");
}

const OCI_CODES: Readonly<Record<number, string>> = {
  400: "NAME_INVALID",
  404: "NAME_UNKNOWN",
  405: "UNSUPPORTED",
  414: "SIZE_INVALID",
  503: "UNAVAILABLE",
};

/** Turns a request away in the words of the interface it was meant for. */
export function refuse(
  request: Request,
  path: string,
  status: number,
  text: string,
  options: ReplyOptions = {},
): Response {
  if (!isV2Path(path)) return statusReply(request, status, text, options);
  return ociErrorReply(request, status, OCI_CODES[status] ?? "UNKNOWN", text, options);
}
