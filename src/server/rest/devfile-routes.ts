import { parseSchemaRange } from "../contract/index.ts";
import type { AppDeps, ServerApp, ServerContext } from "../deps.ts";
import {
  JSON_TYPE,
  jsonReply,
  partsBelow,
  type Representation,
  rawQuery,
  reply,
  represent,
  representRanges,
  statusReply,
} from "../http/index.ts";
import type { PreparedGeneration } from "../served.ts";
import { withGeneration } from "../with-generation.ts";
import { type DevfilePlace, type DevfileTarget, findDevfile } from "./devfile-lookup.ts";
import { parameterFaultReply } from "./parameter-fault.ts";
import { withRevision } from "./revision.ts";
import { findStarter } from "./starter.ts";

const PREFIX = "/devfiles/";
const DEVFILE_NAMES = ["devfile.yaml", ".devfile.yaml"];

/** Adds /devfiles/…: devfiles, files beside them and starter projects. */
export function addDevfileRoutes(app: ServerApp, deps: AppDeps): void {
  // Parity: Che falls back to this address when there is no /index.
  app.get(
    `${PREFIX}index.json`,
    withGeneration(deps, (c, generation) => {
      const { body } = generation.answers.whole("v1", "stack");
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
      const file = await generation.reader.open(target.path, "file");
      if (file !== undefined) return representRanges(request, file);
      return target.wanted === undefined
        ? statusReply(request, 404, "there is no such file")
        : unknownVersion(request, target.wanted, target.place.entry.name);
    }
    case "devfile": {
      const devfile = await openDevfile(generation, target.place);
      if (devfile !== undefined) return represent(request, devfile);
      return statusReply(request, 404, `the devfile of ${target.place.entry.name} didn't exist`);
    }
    case "starter":
      return answerStarter(deps, request, generation, target.place, target.project);
  }
}

async function answerStarter(
  deps: AppDeps,
  request: Request,
  generation: PreparedGeneration,
  place: DevfilePlace,
  project: string,
): Promise<Response> {
  const { name } = place.entry;
  const devfile = await openDevfile(generation, place);
  if (devfile === undefined) {
    return statusReply(request, 404, `the devfile of ${name} didn't exist`);
  }
  const { bytes } = devfile.parts;
  const found = await findStarter(generation.build, place, project, bytes, deps.starters);
  if (found.kind === "zip") {
    // Parity: the Go server answers 202 with the whole file.
    const headers = { "content-disposition": `attachment; filename="${fileName(project)}.zip"` };
    return reply(request, found.bytes, "application/zip", { status: 202, headers });
  }
  if (found.kind === "unknown") {
    const status = `the starter project named ${project} does not exist in the ${name} devfile`;
    return statusReply(request, 404, status);
  }
  return jsonReply(
    request,
    {
      error: "this build does not carry the starter project",
      status: `Problem with downloading starter project ${project}: this build does not carry it`,
    },
    { status: 500 },
  );
}

async function openDevfile(
  { reader }: PreparedGeneration,
  place: DevfilePlace,
): Promise<Representation | undefined> {
  for (const name of DEVFILE_NAMES) {
    const devfile = await reader.open(`${place.folder}/${name}`, "text");
    if (devfile !== undefined) return devfile;
  }
  return undefined;
}

function unknownVersion(request: Request, version: string, stack: string): Response {
  return statusReply(request, 404, `version: ${version} not found in stack ${stack}`);
}

/** Keeps a name from ending the quoted string it stands in. */
function fileName(project: string): string {
  return project.replace(/[^\w.@+-]/g, "_");
}
