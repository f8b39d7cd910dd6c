import { SANDBOX_POLICY } from "./headers.ts";
import { jsonReply } from "./replies.ts";
import type { ReplyOptions } from "./respond.ts";

/** What every answer of the OCI registry carries. */
export const OCI_HEADERS = {
  "docker-distribution-api-version": "registry/2.0",
  "content-security-policy": SANDBOX_POLICY,
} as const;

/** Answers an OCI request that went wrong. Spec: distribution-spec v1.1, Error Codes. */
export function ociErrorReply(
  request: Request,
  status: number,
  code: string,
  message: string,
  options: ReplyOptions = {},
): Response {
  const headers = { ...OCI_HEADERS, ...options.headers };
  return jsonReply(request, { errors: [{ code, message }] }, { status, headers });
}
