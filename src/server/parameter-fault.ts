import type { ParameterFault } from "./contract/index.ts";
import { jsonReply } from "./http/index.ts";

/** Refuses a parameter: `status` as the Go server words it, `error` for people. */
export function parameterFaultReply(request: Request, fault: ParameterFault): Response {
  const { parameter, value, rule } = fault;
  return jsonReply(
    request,
    {
      error: `Cannot read parameter "${parameter}": ${rule}`,
      status: `${parameter} ${value} is not valid, ${rule}.`,
    },
    { status: 400 },
  );
}
