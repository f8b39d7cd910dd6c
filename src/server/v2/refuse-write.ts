import { findPathFault, ociErrorReply } from "../http/index.ts";
import { parseAddress } from "./address.ts";

/**
 * Refuses what would change the registry. An address that could never name anything is said to be
 * wrong, as registries do that are written to. Spec: distribution-spec v1.1, Error Codes.
 */
export function refuseWrite(request: Request, path: string): Response {
  const address = findPathFault(path) === undefined ? parseAddress(path) : undefined;
  if (address?.kind === "fault" && address.status === 400) {
    return ociErrorReply(request, address.status, address.code, address.message);
  }
  return ociErrorReply(request, 405, "UNSUPPORTED", "this registry is read-only", {
    headers: { allow: "GET, HEAD, OPTIONS" },
  });
}
