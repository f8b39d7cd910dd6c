import type { HttpRequest, Transport } from "../../net/index.ts";
import type { AuthSession } from "./auth-session.ts";
import { parseChallenges } from "./challenge.ts";

/**
 * Signs requests to one registry. The first goes without; what the registry then asks for is
 * remembered, so that later requests carry it at once. A request that is refused with 401 is
 * repeated once with fresh authorization.
 */
export function authenticating(send: Transport, session: AuthSession): Transport {
  return async (request) => {
    if (!session.covers(request.url)) return send(request);
    const known = await session.authorization(request);
    const first = await send(authorized(request, known));
    if (first.status !== 401) return first;
    const challenges = parseChallenges(first.headerValues("www-authenticate"));
    const fresh = await session.answer(request, challenges, known);
    if (fresh === undefined) return first;
    await first.discard();
    return send(authorized(request, fresh));
  };
}

function authorized(request: HttpRequest, authorization: string | undefined): HttpRequest {
  if (authorization === undefined) return request;
  return { ...request, headers: { ...request.headers, authorization } };
}
