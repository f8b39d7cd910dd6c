import { describeError } from "../../errors.ts";
import { parseIndexQuery } from "../contract/index.ts";
import type { AppDeps, ServerApp, ServerContext } from "../deps.ts";
import {
  jsonReply,
  Representation,
  rawPath,
  rawQuery,
  represent,
  statusReply,
} from "../http/index.ts";
import { parameterFaultReply } from "../parameter-fault.ts";
import { requestIdOf } from "../request-id.ts";
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
      withGeneration(deps, (c, generation) => answerIndex(deps, c, generation, { form, type }));
    app.get(prefix, answerAs("stack"));
    // One route an address and no pattern beside them: these are the most asked.
    for (const type of INDEX_TYPES) app.get(`${prefix}/${type}`, answerAs(type));
  }
}

const UNKNOWN_TYPE = /^\/(?:v2)?index\/([^/]+)$/;

/** Answers an address that would be an index if there were that type; undefined for any other. */
export function answerUnknownType(request: Request, path: string): Response | undefined {
  const [, name] = UNKNOWN_TYPE.exec(path) ?? [];
  if (name === undefined) return undefined;
  const type = decodeURIComponent(name);
  return statusReply(request, 404, `the devfile with ${type} type doesn't exist`);
}

interface Wanted {
  readonly form: IndexForm;
  readonly type: IndexType;
}

function answerIndex(
  deps: AppDeps,
  c: ServerContext,
  generation: PreparedGeneration,
  wanted: Wanted,
): Response | Promise<Response> {
  const request = c.req.raw;
  const text = rawQuery(request.url);
  if (text !== "") return answerFiltered(deps, request, generation, wanted, text);
  const whole = generation.answers.whole(wanted.form, wanted.type);
  return withRevision(generation, represent(request, whole));
}

async function answerFiltered(
  deps: AppDeps,
  request: Request,
  generation: PreparedGeneration,
  { form, type }: Wanted,
  text: string,
): Promise<Response> {
  const { query, fault } = parseIndexQuery(form, text);
  const answer = (response: Response) => withRevision(generation, response);
  if (fault !== undefined) return answer(parameterFaultReply(request, fault));
  if (query.icon !== undefined && query.icon !== "base64") {
    return answer(statusReply(request, 400, `the icon type ${query.icon} is not supported`));
  }
  const { answers } = generation;
  const { body, emptiedByRange } = await answers.matching(form, type, query);
  if (emptiedByRange && deps.config.strictCompat) {
    return answer(jsonReply(request, { status: "No stacks or samples found in the registry" }));
  }
  if (body instanceof Representation) return answer(represent(request, body));
  const onBroken = (error: unknown) =>
    deps.log.error("answer broken off", {
      requestId: requestIdOf(deps, request),
      path: rawPath(request.url),
      error: describeError(error),
    });
  return answer(await answerLong(request, body, { forms: answers.forms, onBroken }));
}
