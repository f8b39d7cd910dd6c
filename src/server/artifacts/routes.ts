import {
  ARTIFACT_ANSWERS_BYTES,
  ARTIFACT_ANSWERS_KEPT,
  ARTIFACTS_PAGE,
} from "../../artifact-limits.ts";
import { utf8 } from "../../bytes.ts";
import type { AppDeps, ServerApp } from "../deps.ts";
import { BoundedCache, JSON_TYPE, Representation, rawQuery, represent } from "../http/index.ts";
import { parameterFaultReply } from "../parameter-fault.ts";
import { cacheControlOf, type Site, siteKey, withSite } from "../site/index.ts";
import { withGeneration } from "../with-generation.ts";
import { pullHostOf } from "./action.ts";
import { listArtifacts } from "./listing.ts";
import { type ArtifactQuery, parseArtifactQuery } from "./query.ts";
import { selectArtifacts } from "./select.ts";
import type { ArtifactShelf, Artifacts } from "./shelf.ts";

/** Adds GET /artifacts: what the registry holds, of which types, and what one does with it. */
export function addArtifactRoutes(app: ServerApp, deps: AppDeps, shelf: ArtifactShelf): void {
  const answers = new BoundedCache<Representation>(
    { name: "artifacts", entries: ARTIFACT_ANSWERS_KEPT, bytes: ARTIFACT_ANSWERS_BYTES },
    ({ parts }) => parts.bytes.byteLength * 2,
  );
  app.get(
    "/artifacts",
    withGeneration(deps, (c, generation) =>
      withSite(deps, c, async (site) => {
        const request = c.req.raw;
        const { query, fault } = parseArtifactQuery(rawQuery(request.url));
        if (fault !== undefined) return parameterFaultReply(request, fault);
        const artifacts = await shelf.of(generation);
        // No two lists have one number.
        const key = `${artifacts.number} ${siteKey(site)} ${JSON.stringify(query)}`;
        const body = answers.get(key) ?? answer(artifacts, query, site);
        if (!artifacts.isGathering) answers.set(key, body);
        return represent(request, body);
      }),
    ),
  );
}

function answer(artifacts: Artifacts, query: ArtifactQuery, site: Site): Representation {
  const { type: types = [], scan, name = "" } = query;
  const listing = listArtifacts(artifacts, selectArtifacts(artifacts, { types, scan, name }), {
    page: Number(query.page ?? 1),
    entries: Number(query.n ?? ARTIFACTS_PAGE),
    from: pullHostOf(site),
    addressOf: (page) => `?${queryOf(query, page)}`,
  });
  return new Representation({
    bytes: utf8(JSON.stringify(listing)),
    type: JSON_TYPE,
    cacheControl: cacheControlOf(site),
  });
}

function queryOf({ page: _page, ...query }: ArtifactQuery, page: number): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) parameters.append(name, each);
  }
  parameters.append("page", String(page));
  return parameters;
}
