import type { ReadonlyRegistry } from "../../oci-client/index.ts";
import type { AppDeps, ServerApp, ServerContext } from "../deps.ts";
import { jsonReply, OCI_HEADERS, ociErrorReply, redirectReply } from "../http/index.ts";
import { requestIdOf } from "../request-id.ts";
import { parseAddress, type RegistryAddress } from "./address.ts";
import { answerBlob } from "./blobs.ts";
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
    const registry = deps.registry ?? deps.state.current()?.registry;
    if (registry !== undefined) return answer(deps, c, turns, registry, address);
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
): Promise<Response> {
  const request = c.req.raw;
  const { signal } = request;
  if (address.kind === "catalog") {
    const items = () => registry.repositories();
    const listing = { name: "", items, isForeign: false, signal };
    return answerCatalog(request, () => turns.names(listing));
  }
  const { repository: name } = address;
  const repository = registry.repository(name);
  // What stands behind us is asked for our own ones briefly, and by itself for all others.
  const isForeign = deps.registry !== undefined && !deps.state.current()?.registry.has(name);
  switch (address.kind) {
    case "tags":
      return answerTags(request, name, () =>
        turns.names({ name, items: () => repository.tags(), isForeign, signal }),
      );
    case "manifest":
      return answerManifest(request, repository, address.reference);
    case "blob":
      return answerBlob(request, repository, address.digest, (error) => {
        const requestId = requestIdOf(deps, c.req.raw);
        deps.log.warn("answer broken off", { requestId, path: c.req.path, error });
      });
    case "referrers":
      return answerReferrers(request, () => {
        const items = () => repository.referrers(address.digest);
        return turns.referrers({ name: `${name}@${address.digest}`, items, isForeign, signal });
      });
  }
}
