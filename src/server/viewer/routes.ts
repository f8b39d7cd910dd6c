import { utf8 } from "../../bytes.ts";
import type { ArtifactShelf } from "../artifacts/index.ts";
import type { AppDeps, ServerApp } from "../deps.ts";
import { PLAIN_TEXT, type Representation, rawQuery, reply, represent } from "../http/index.ts";
import { addArtifactsPage } from "./artifacts/artifacts-page.ts";
import { VIEWER_ASSETS } from "./assets.ts";
import { frameOf, rootOf } from "./frame.ts";
import { addHomePage } from "./home/home-page.ts";
import { shelfOf } from "./logo.ts";
import { redirect, showMissing } from "./page.ts";
import { addSiteFiles } from "./site-files.ts";
import { addBadgeRoutes } from "./stack/badge-routes.ts";
import { addStackPage } from "./stack/stack-page.ts";
import { addStatusPage } from "./status/status-page.ts";

const HEADLESS = "registry viewer is not available in headless mode";

/** Adds /viewer and everything below it: pages for people, and the files that they need. */
export function addViewerRoutes(app: ServerApp, deps: AppDeps, artifacts: ArtifactShelf): void {
  if (deps.config.headless) {
    const refuse = (request: Request) =>
      reply(request, utf8(HEADLESS), PLAIN_TEXT, { status: 400 });
    app.get("/viewer", (c) => refuse(c.req.raw));
    app.get("/viewer/*", (c) => refuse(c.req.raw));
    return;
  }
  for (const { name, body } of VIEWER_ASSETS) {
    app.get(`/viewer/${name}`, (c) => represent(c.req.raw, body));
  }
  app.get("/viewer/icons/:name", (c, next) => {
    const icon = findIcon(deps, c.req.param("name"));
    return icon === undefined ? next() : represent(c.req.raw, icon);
  });
  addSiteFiles(app, deps);
  addHomePage(app, deps);
  addArtifactsPage(app, deps, artifacts);
  addStatusPage(app, deps);
  addStackPage(app, deps);
  addBadgeRoutes(app, deps);
  app.get("/viewer/*", (c, next) => {
    const { path } = c.req;
    if (path === "/viewer/") return next();
    if (path.endsWith("/")) return redirect(c, withoutSlash(path, rawQuery(c.req.raw.url)));
    const generation = deps.state.current();
    return showMissing(c, frameOf({ c, deps, generation, root: rootOf(path) }));
  });
}

function withoutSlash(path: string, query: string): string {
  return `../${path.split("/").at(-2)}${query === "" ? "" : `?${query}`}`;
}

/** Finds an icon that the index holds, or that of another registry. */
function findIcon({ state, others }: AppDeps, name: string): Representation | undefined {
  const own = state.current()?.build.index;
  const indexes = [own ?? [], ...(others?.list().map(({ entries }) => entries) ?? [])];
  for (const index of indexes) {
    const icon = shelfOf(index).find(name);
    if (icon !== undefined) return icon;
  }
  return undefined;
}
