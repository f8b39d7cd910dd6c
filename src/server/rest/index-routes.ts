import { parseIndexQuery } from "../contract/index.ts";
import type { AppDeps, ServerApp, ServerContext } from "../deps.ts";
import { jsonReply, rawQuery, represent, statusReply } from "../http/index.ts";
import type { PreparedGeneration } from "../served.ts";
import { withGeneration } from "../with-generation.ts";
import { type IndexForm, parseIndexType } from "./index-view.ts";
import { parameterFaultReply } from "./parameter-fault.ts";

const PREFIXES: readonly (readonly [string, IndexForm])[] = [
  ["/index", "v1"],
  ["/v2index", "v2"],
];

/** Adds GET /index[/TYPE] and /v2index[/TYPE]. Without a type they give stacks. */
export function addIndexRoutes(app: ServerApp, deps: AppDeps): void {
  for (const [prefix, form] of PREFIXES) {
    const answer = withGeneration(deps, (c, generation) => {
      const type = c.req.path.slice(prefix.length + 1) || "stack";
      return answerIndex(deps, c, generation, form, type);
    });
    app.get(prefix, answer);
    app.get(`${prefix}/:type`, answer);
  }
}

async function answerIndex(
  deps: AppDeps,
  c: ServerContext,
  { answers }: PreparedGeneration,
  form: IndexForm,
  typeName: string,
): Promise<Response> {
  const request = c.req.raw;
  const type = parseIndexType(typeName);
  if (type === undefined) {
    const name = decodeURIComponent(typeName);
    return statusReply(request, 404, `the devfile with ${name} type doesn't exist`);
  }
  const text = rawQuery(request.url);
  if (text === "") return represent(request, answers.whole(form, type).body);
  const { query, fault } = parseIndexQuery(form, text);
  if (fault !== undefined) return parameterFaultReply(request, fault);
  if (query.icon !== undefined && query.icon !== "base64") {
    return statusReply(request, 400, `the icon type ${query.icon} is not supported`);
  }
  const { body, emptiedByRange } = await answers.matching(form, type, query);
  if (emptiedByRange && deps.config.strictCompat) {
    return jsonReply(request, { status: "No stacks or samples found in the registry" });
  }
  return represent(request, body);
}
