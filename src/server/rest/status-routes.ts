import { type Build, publicSource } from "../../generator/index.ts";
import type { AppDeps, ServerApp } from "../deps.ts";
import { basePathOf, jsonReply, redirectReply } from "../http/index.ts";

/** Adds /, /health, /readyz and /info. */
export function addStatusRoutes(app: ServerApp, deps: AppDeps): void {
  app.get("/", (c) => {
    const { raw } = c.req;
    const page = raw.headers.get("accept")?.includes("text/html") ? "/viewer" : "/index";
    return redirectReply(raw, 302, `${basePathOf(raw, deps.config.basePath)}${page}`);
  });
  app.get("/health", (c) => jsonReply(c.req.raw, { message: "the server is up and running" }));
  app.get("/readyz", (c) => {
    const reasons = deps.state.reasons();
    if (deps.state.current() === undefined) {
      return jsonReply(c.req.raw, { status: "unavailable", reasons }, { status: 503 });
    }
    return jsonReply(c.req.raw, { status: reasons.length === 0 ? "ready" : "degraded", reasons });
  });
  app.get("/info", (c) => {
    const generation = deps.state.current();
    const { name, version, publicUrl } = deps.config;
    return jsonReply(c.req.raw, {
      name,
      version,
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(generation === undefined
        ? {}
        : { since: generation.since.toISOString(), ...describeBuild(generation.build) }),
    });
  });
}

/** Gives what build.json records; for a build of the Go tools what the index tells. */
function describeBuild(build: Build): Readonly<Record<string, unknown>> {
  const { info, index } = build;
  if (info !== undefined) {
    const { sources, counts, commit_time } = info;
    return {
      sources: sources.map(publicSource),
      counts,
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
