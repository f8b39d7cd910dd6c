import { describeError } from "../../errors.ts";
import { parseIndexQuery } from "../contract/index.ts";
import type { AppDeps, ServerApp, ServerContext } from "../deps.ts";
import { jsonReply, Representation, rawQuery, represent, statusReply } from "../http/index.ts";
import { parameterFaultReply } from "../parameter-fault.ts";
import type { PreparedGeneration } from "../served.ts";
import { withGeneration } from "../with-generation.ts";
import { INDEX_TYPES, type IndexForm, type IndexType } from "./index-view.ts";
import { answerLong } from "./long-answer.ts";
import { withRevision } from "./revision.ts";

const PREFIXES: readonly (readonly [string, IndexForm])[] = [
  ["/index", "v1"],
  ["/v2index", "v2"],
];

/** Adds GET /index[/TYPE] and /v2index[/TYPE]. Without a type they give stacks. */
export function addIndexRoutes(app: ServerApp, deps: AppDeps): void {
  for (const [prefix, form] of PREFIXES) {
    const answerAs = (type: IndexType) =>
      withGeneration(deps, async (c, generation) =>
        withRevision(generation, await answerIndex(deps, c, generation, form, type)),
      );
    app.get(prefix, answerAs("stack"));
    // Fixed addresses are found faster than patterns, and these are the most asked.
    for (const type of INDEX_TYPES) app.get(`${prefix}/${type}`, answerAs(type));
    app.get(`${prefix}/*`, async (c, next) => {
      const type = decodeURIComponent(c.req.path.slice(prefix.length + 1));
      if (type === "" || type.includes("/")) return next();
      return statusReply(c.req.raw, 404, `the devfile with ${type} type doesn't exist`);
    });
  }
}

async function answerIndex(
  deps: AppDeps,
  c: ServerContext,
  { answers }: PreparedGeneration,
  form: IndexForm,
  type: IndexType,
): Promise<Response> {
  const request = c.req.raw;
  const text = rawQuery(request.url);
  if (text === "") return represent(request, answers.whole(form, type));
  const { query, fault } = parseIndexQuery(form, text);
  if (fault !== undefined) return parameterFaultReply(request, fault);
  if (query.icon !== undefined && query.icon !== "base64") {
    return statusReply(request, 400, `the icon type ${query.icon} is not supported`);
  }
  const { body, emptiedByRange } = await answers.matching(form, type, query);
  if (emptiedByRange && deps.config.strictCompat) {
    return jsonReply(request, { status: "No stacks or samples found in the registry" });
  }
  if (body instanceof Representation) return represent(request, body);
  const onBroken = (error: unknown) =>
    deps.log.error("an index broke off", { error: describeError(error) });
  return await answerLong(request, body, { forms: answers.forms, onBroken });
}
