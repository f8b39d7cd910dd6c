import { DevregError, describeError, type ErrorCode } from "../../errors.ts";
import { IDLE_TIMEOUT_S } from "../../limits.ts";
import type { AppDeps, ServerContext } from "../deps.ts";
import {
  COMMON_HEADERS,
  jsonReply,
  NEVER_STORED,
  respond,
  SANDBOX_POLICY,
  statusReply,
} from "../http/index.ts";
import { requestIdOf } from "../request-id.ts";
import type { PreparedGeneration } from "../served.ts";
import type { DevfileTarget } from "./devfile-lookup.ts";
import { openDevfile } from "./open-devfile.ts";
import { type FoundStarter, findStarter, StartersBusy, type StarterZip } from "./starter.ts";

/** Why a project could not be had, in words that name no host. */
const REASONS: Partial<Readonly<Record<ErrorCode, string>>> = {
  NOT_FOUND: "its repository, revision or folder does not exist",
  UNAUTHORIZED: "it is not open to everybody",
  NETWORK: "the server that has it cannot be reached, or failed",
  TIMEOUT: "it took too long",
  LIMIT_EXCEEDED: "it is too large",
  INPUT_INVALID: "its address or content cannot be used",
  UNSUPPORTED: "it needs something that is not spoken here, such as ssh or Git LFS",
  ABORTED: "it was interrupted",
};
const NOT_CARRIED = "this build does not carry the starter project";
/** For when too many wait already. */
const BUSY_RETRY_S = "10";

/** Answers with the zip of a starter project, which may have to be fetched first. */
export async function answerStarter(
  deps: AppDeps,
  c: ServerContext,
  { build, reader }: PreparedGeneration,
  { place, project }: Extract<DevfileTarget, { kind: "starter" }>,
): Promise<Response> {
  const request = c.req.raw;
  const { name } = place.entry;
  const devfile = await openDevfile(reader, place);
  if (devfile === undefined) {
    return statusReply(request, 404, `the devfile of ${name} didn't exist`);
  }
  // Fetching is bounded by itself; until it is done there is nothing to send.
  c.env?.timeout?.(request, 0);
  const { publicUrl } = deps.config;
  const wanted = { place, devfile, name: project };
  let found: FoundStarter;
  try {
    const places = { build, reader, publicUrl };
    found = await findStarter(places, wanted, deps.starters, request.signal);
  } catch (error) {
    return answerFailure(deps, c, project, error);
  } finally {
    c.env?.timeout?.(request, IDLE_TIMEOUT_S);
  }
  if (found.kind === "zip") return answerZip(request, project, found.content);
  if (found.kind === "not-carried") {
    return failure(request, NOT_CARRIED, project, "this build does not carry it");
  }
  const status = `the starter project named ${project} does not exist in the ${name} devfile`;
  return statusReply(request, 404, status);
}

/** Parity: the Go server answers 202 with the whole file. */
function answerZip(request: Request, project: string, content: StarterZip): Response {
  const size = content instanceof Blob ? content.size : content.byteLength;
  return respond(request, content, 202, {
    ...COMMON_HEADERS,
    "cache-control": NEVER_STORED,
    "content-security-policy": SANDBOX_POLICY,
    "content-disposition": `attachment; filename="${fileName(project)}.zip"`,
    "content-type": "application/zip",
    "content-length": String(size),
  });
}

function answerFailure(deps: AppDeps, c: ServerContext, project: string, error: unknown): Response {
  const request = c.req.raw;
  // What is said of visitors who left is said in one place.
  if (request.signal.aborted) throw error;
  const code = error instanceof DevregError ? error.code : undefined;
  const requestId = requestIdOf(deps, request);
  const told = { requestId, project, code, error: describeError(error) };
  deps.log.warn("cannot fetch a starter project", told);
  const reason = (code && REASONS[code]) ?? "something went wrong";
  if (!(error instanceof StartersBusy)) return failure(request, reason, project, reason);
  const status = `Problem with downloading starter project ${project}: too many are waiting`;
  return statusReply(request, 503, status, { headers: { "retry-after": BUSY_RETRY_S } });
}

/** Parity: a failure has both keys. */
function failure(request: Request, error: string, project: string, reason: string): Response {
  const status = `Problem with downloading starter project ${project}: ${reason}`;
  return jsonReply(request, { error, status }, { status: 500 });
}

/** Keeps a name from ending the quoted string it stands in. */
function fileName(project: string): string {
  return project.replace(/[^\w.@+-]/g, "_");
}
