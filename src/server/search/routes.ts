import { SEARCH_CACHE_BYTES, SEARCH_CACHE_ENTRIES, SEARCH_RESULTS } from "../../api-limits.ts";
import { utf8 } from "../../bytes.ts";
import { goJson, type IndexEntry, type RegistryIndex } from "../../generator/index.ts";
import {
  parseSearchQuery,
  type SearchAnswer,
  type SearchQuery,
  type SearchResult,
} from "../contract/index.ts";
import type { AppDeps, ServerApp } from "../deps.ts";
import { BoundedCache, JSON_TYPE, Representation, rawQuery, represent } from "../http/index.ts";
import { parameterFaultReply } from "../parameter-fault.ts";
import { withGeneration } from "../with-generation.ts";
import { createSearch, type Search, type SearchHit } from "./search.ts";

/** Searches of one index, and their answers, kept for a while. */
interface Searched {
  readonly search: Search;
  readonly answers: BoundedCache<Representation>;
}

const searches = new WeakMap<RegistryIndex, Searched>();

/** Adds GET /search?q=: stacks and samples by text, the best first. */
export function addSearchRoutes(app: ServerApp, deps: AppDeps): void {
  app.get(
    "/search",
    withGeneration(deps, async (c, { build }) => {
      const request = c.req.raw;
      const { query, fault } = parseSearchQuery(rawQuery(request.url));
      if (fault !== undefined) return parameterFaultReply(request, fault);
      return represent(request, await answer(searchesOf(build.index), query));
    }),
  );
}

function searchesOf(index: RegistryIndex): Searched {
  const bounds = { name: "search", entries: SEARCH_CACHE_ENTRIES, bytes: SEARCH_CACHE_BYTES };
  const known = searches.get(index) ?? {
    search: createSearch(index),
    answers: new BoundedCache<Representation>(bounds, ({ parts }) => parts.bytes.byteLength),
  };
  searches.set(index, known);
  return known;
}

async function answer({ search, answers }: Searched, query: SearchQuery): Promise<Representation> {
  const key = JSON.stringify(query);
  const known = answers.get(key);
  if (known !== undefined) return known;
  const { q = "", type = "all", limit = String(SEARCH_RESULTS) } = query;
  const hits = (await search(q)).filter(({ entry }) => type === "all" || entry.type === type);
  const results = hits.slice(0, Number(limit)).map(describe);
  const found: SearchAnswer = { query: q, total: hits.length, results };
  const made = new Representation({ bytes: utf8(goJson(found)), type: JSON_TYPE });
  answers.set(key, made);
  return made;
}

function describe({ entry, score }: SearchHit): SearchResult {
  const { name, type, displayName, description, projectType, language, provider, tags } = entry;
  const texts = { type, displayName, description, version: versionOf(entry), projectType };
  const given = Object.entries({ ...texts, language, provider, tags }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    name,
    ...Object.fromEntries(given),
    devfile: `devfiles/${name.split("/").map(encodeURIComponent).join("/")}`,
    score: Math.round(score * 100) / 100,
  };
}

function versionOf({ versions, version }: IndexEntry): string | undefined {
  return versions?.find((each) => each.default === true)?.version ?? version;
}
