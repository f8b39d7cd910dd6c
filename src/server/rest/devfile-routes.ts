import { parseSchemaRange } from "../contract/index.ts";
import type { AppDeps, ServerApp, ServerContext } from "../deps.ts";
import {
  JSON_TYPE,
  partsBelow,
  type ReplyOptions,
  rawQuery,
  represent,
  statusReply,
} from "../http/index.ts";
import { parameterFaultReply } from "../parameter-fault.ts";
import type { PreparedGeneration } from "../served.ts";
import { withGeneration } from "../with-generation.ts";
import { type DevfileTarget, findDevfile } from "./devfile-lookup.ts";
import { openDevfile } from "./open-devfile.ts";
import { withRevision } from "./revision.ts";
import { answerStarter } from "./starter-answer.ts";

const PREFIX = "/devfiles/";

/** Adds /devfiles/…: devfiles, files beside them and starter projects. */
export function addDevfileRoutes(app: ServerApp, deps: AppDeps): void {
  // Parity: Che falls back to this address when there is no /index.
  app.get(
    `${PREFIX}index.json`,
    withGeneration(deps, (c, generation) => {
      const body = generation.answers.whole("v1", "stack");
      const headers = { "content-type": JSON_TYPE };
      return withRevision(generation, represent(c.req.raw, body, { headers }));
    }),
  );
  const answer = withGeneration(deps, (c, generation) => answerDevfile(deps, c, generation));
  app.get(`${PREFIX}*`, (c, next) =>
    c.req.path.length <= PREFIX.length || c.req.path.endsWith("/") ? next() : answer(c),
  );
}

async function answerDevfile(
  deps: AppDeps,
  c: ServerContext,
  generation: PreparedGeneration,
): Promise<Response> {
  const request = c.req.raw;
  const parts = partsBelow(PREFIX, c.req.path);
  if (parts === undefined) return statusReply(request, 404, "there is nothing at this address");
  const { query, fault } = parseSchemaRange(rawQuery(request.url));
  if (fault !== undefined) return parameterFaultReply(request, fault);
  const target = await findDevfile(generation.build, parts, query);
  return answerTarget(deps, c, generation, target);
}

async function answerTarget(
  deps: AppDeps,
  c: ServerContext,
  generation: PreparedGeneration,
  target: DevfileTarget,
): Promise<Response> {
  const request = c.req.raw;
  switch (target.kind) {
    case "no-entry":
      return statusReply(request, 404, `the devfile of ${target.name} didn't exist`);
    case "no-version":
      return unknownVersion(request, target.wanted, target.entry.name);
    case "file": {
      const options = located(target.location);
      const file = await generation.reader.answer(request, target.path, options);
      if (file !== undefined) return file;
      return target.wanted === undefined
        ? statusReply(request, 404, "there is no such file")
        : unknownVersion(request, target.wanted, target.place.entry.name);
    }
    case "devfile": {
      const devfile = await openDevfile(generation.reader, target.place);
      if (devfile !== undefined) return represent(request, devfile, located(target.location));
      return statusReply(request, 404, `the devfile of ${target.place.entry.name} didn't exist`);
    }
    case "starter":
      return answerStarter(deps, c, generation, target);
  }
}

/** Clients that follow no redirects learn where else the same thing is. Spec: RFC 9110, 8.7. */
function located(location: string | undefined): ReplyOptions {
  return location === undefined ? {} : { headers: { "content-location": location } };
}

function unknownVersion(request: Request, version: string, stack: string): Response {
  return statusReply(request, 404, `version: ${version} not found in stack ${stack}`);
}
