import type { Build } from "../../generator/index.ts";
import type { AppDeps, ServerApp } from "../deps.ts";
import { describeGeneration } from "../generation-facts.ts";
import { jsonReply, redirectReply } from "../http/index.ts";
import { describeReason } from "../reason.ts";
import { describeUpdates } from "../updates/describe-updates.ts";
import { NO_UPDATES } from "../updates/update-log.ts";
import { visitedBaseOf } from "./visited-base.ts";

/** Adds /, /health, /readyz and /info. */
export function addStatusRoutes(app: ServerApp, deps: AppDeps): void {
  app.get("/", (c) => {
    const { raw } = c.req;
    const page = raw.headers.get("accept")?.includes("text/html") ? "/viewer" : "/index";
    return redirectReply(raw, 302, `${visitedBaseOf(deps, c)}${page}`);
  });
  app.get("/health", (c) => jsonReply(c.req.raw, { message: "the server is up and running" }));
  app.get("/readyz", (c) => {
    const withDetails = deps.config.statusDetails === true;
    const reasons = deps.state.reasons().map((reason) => describeReason(reason, withDetails));
    const notes = deps.state.notes?.() ?? [];
    const told = { reasons, ...(notes.length === 0 ? {} : { notes }) };
    if (deps.state.current() === undefined) {
      const headers = { "retry-after": "1" };
      return jsonReply(c.req.raw, { status: "unavailable", ...told }, { status: 503, headers });
    }
    return jsonReply(c.req.raw, { status: reasons.length === 0 ? "ready" : "degraded", ...told });
  });
  app.get("/info", (c) => {
    const generation = deps.state.current();
    const updates = deps.state.updates?.() ?? NO_UPDATES;
    const { name, version, publicUrl, statusDetails } = deps.config;
    return jsonReply(c.req.raw, {
      name,
      version,
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(generation === undefined
        ? {}
        : {
            since: generation.since.toISOString(),
            ...describeBuild(generation.build, statusDetails),
          }),
      ...describeUpdates(updates, statusDetails === true),
    });
  });
}

/** Gives what build.json records; for a build of the Go tools what the index tells. */
function describeBuild(build: Build, withDetails = false): Readonly<Record<string, unknown>> {
  const { info, index } = build;
  if (info !== undefined) {
    const { counts, commit_time } = info;
    const { sources, revision } = describeGeneration(build, withDetails);
    const [only, ...others] = sources;
    const commit_hash = others.length === 0 ? only?.commit_hash : undefined;
    return {
      sources,
      counts,
      ...(revision === undefined ? {} : { generation: revision }),
      ...(commit_hash === undefined ? {} : { commit_hash }),
      ...(commit_time === undefined ? {} : { commit_time }),
    };
  }
  const count = (type: string) => {
    const entries = index.filter((entry) => entry.type === type);
    const versions = entries.reduce((sum, entry) => sum + (entry.versions?.length ?? 0), 0);
    return [entries.length, versions] as const;
  };
  const [stacks, stackVersions] = count("stack");
  const [samples, sampleVersions] = count("sample");
  return { sources: [], counts: { stacks, stackVersions, samples, sampleVersions } };
}
