import { FRONT_VISIT_MS } from "../../api-limits.ts";
import type { ReadonlyRegistry } from "../../oci-client/index.ts";
import type { AppDeps, ServerApp, ServerContext } from "../deps.ts";
import { jsonReply, OCI_HEADERS, ociErrorReply, redirectReply } from "../http/index.ts";
import { requestIdOf } from "../request-id.ts";
import { parseAddress, type RegistryAddress } from "./address.ts";
import { answerBlob } from "./blobs.ts";
import { inTime } from "./in-time.ts";
import { ListingTurns } from "./listing-turns.ts";
import { answerCatalog, answerTags } from "./listings.ts";
import { answerManifest } from "./manifests.ts";
import { answerReferrers } from "./referrers.ts";

/** Adds /v2: pulling and discovery of the distribution protocol, nothing else. */
export function addRegistryRoutes(app: ServerApp, deps: AppDeps): void {
  const turns = new ListingTurns();
  app.get("/v2", (c) => redirectReply(c.req.raw, 301, "/v2/"));
  app.get("/v2/*", (c) => {
    const address = parseAddress(c.req.path);
    if (address.kind === "fault") {
      return ociErrorReply(c.req.raw, address.status, address.code, address.message);
    }
    if (address.kind === "root") return jsonReply(c.req.raw, {}, { headers: OCI_HEADERS });
    const { signal } = c.req.raw;
    const { registry: front } = deps;
    if (front !== undefined) {
      const visit = (within: AbortSignal) => answer(deps, c, turns, front, address, within);
      return inTime(signal, FRONT_VISIT_MS, visit);
    }
    const registry = deps.state.current()?.registry;
    if (registry !== undefined) return answer(deps, c, turns, registry, address, signal);
    return ociErrorReply(c.req.raw, 503, "UNAVAILABLE", "there is no index to serve yet", {
      headers: { "retry-after": "1" },
    });
  });
}

function answer(
  deps: AppDeps,
  c: ServerContext,
  turns: ListingTurns,
  registry: ReadonlyRegistry,
  address: Exclude<RegistryAddress, { readonly kind: "root" }>,
  signal: AbortSignal,
): Promise<Response> {
  const request = c.req.raw;
  if (address.kind === "catalog") {
    const items = (stop: AbortSignal) => registry.repositories(stop);
    const listing = { name: "", items, isForeign: false, signal };
    return answerCatalog(request, () => turns.names(listing));
  }
  const { repository: name } = address;
  const repository = registry.repository(name);
  // What stands behind us is asked for our own ones briefly, and by itself for all others.
  const isForeign = deps.registry !== undefined && !deps.state.current()?.registry.has(name);
  switch (address.kind) {
    case "tags":
      return answerTags(request, name, () => {
        const items = (stop: AbortSignal) => repository.tags(stop);
        return turns.names({ name, items, isForeign, signal });
      });
    case "manifest":
      return answerManifest(request, repository, address.reference, signal);
    case "blob": {
      const onBroken = (error: unknown) => {
        const requestId = requestIdOf(deps, request);
        const level = request.signal.aborted ? "debug" : "warn";
        deps.log[level]("answer broken off", { requestId, path: c.req.path, error });
      };
      return answerBlob(request, repository, address.digest, { signal, onBroken });
    }
    case "referrers":
      return answerReferrers(request, () => {
        const items = (stop: AbortSignal) => repository.referrers(address.digest, stop);
        return turns.referrers({ name: `${name}@${address.digest}`, items, isForeign, signal });
      });
  }
}
