import { Hono } from "hono";
import { RegExpRouter } from "hono/router/reg-exp-router";
import { ArtifactShelf, addArtifactRoutes } from "./artifacts/index.ts";
import type { Answering, AppDeps, ServerApp, ServerEnv } from "./deps.ts";
import { answerError } from "./errors.ts";
import { createPathReader } from "./http/index.ts";
import { observe } from "./observe.ts";
import { addOpenApiRoute } from "./openapi/index.ts";
import { addDevfileRoutes } from "./rest/devfile-routes.ts";
import { addFileRoutes } from "./rest/file-routes.ts";
import { addIndexRoutes } from "./rest/index-routes.ts";
import { addStatusRoutes } from "./rest/status-routes.ts";
import { addSearchRoutes } from "./search/index.ts";
import { answerUnknown } from "./unknown.ts";
import { addUpdateRoutes } from "./updates/routes.ts";
import { addRegistryRoutes } from "./v2/index.ts";
import { addViewerRoutes } from "./viewer/index.ts";

/** Makes the application: REST API, files of the build, viewer and read-only OCI registry. */
export function createApp(deps: AppDeps): Answering {
  const pathOf = createPathReader(deps.config.basePath);
  return observe(deps, createRoutes(deps, pathOf), pathOf);
}

/** Makes the routes alone, which nobody has looked at a request for yet. */
export function createRoutes(
  deps: AppDeps,
  pathOf = createPathReader(deps.config.basePath),
): ServerApp {
  const app = new Hono<ServerEnv>({
    getPath: pathOf,
    // The fastest one; it refuses patterns that shadow fixed addresses, so none of ours do.
    router: new RegExpRouter(),
  });
  addStatusRoutes(app, deps);
  addIndexRoutes(app, deps);
  addDevfileRoutes(app, deps);
  addFileRoutes(app, deps);
  addSearchRoutes(app, deps);
  addOpenApiRoute(app, deps);
  const artifacts = new ArtifactShelf(deps);
  addArtifactRoutes(app, deps, artifacts);
  addViewerRoutes(app, deps, artifacts);
  addUpdateRoutes(app, deps);
  addRegistryRoutes(app, deps);
  app.notFound((c) => answerUnknown(deps, c));
  app.onError((error, c) => answerError(deps, error, c));
  return app;
}
