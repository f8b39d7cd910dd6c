import { utf8 } from "../../bytes.ts";
import type { AppDeps, ServerApp } from "../deps.ts";
import { PLAIN_TEXT, reply, represent } from "../http/index.ts";
import { VIEWER_ASSETS } from "./assets.ts";
import { addHomePage } from "./home/home-page.ts";
import { shelfOf } from "./logo.ts";
import { frameOf, rootOf, showMissing } from "./page.ts";

const HEADLESS = "registry viewer is not available in headless mode";

/** Adds /viewer and everything below it: pages for people, and the files that they need. */
export function addViewerRoutes(app: ServerApp, deps: AppDeps): void {
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
    const generation = deps.state.current();
    const icon = generation && shelfOf(generation).find(c.req.param("name"));
    return icon === undefined ? next() : represent(c.req.raw, icon);
  });
  addHomePage(app, deps);
  app.get("/viewer/*", (c, next) => {
    if (c.req.path === "/viewer/") return next();
    const generation = deps.state.current();
    return showMissing(c, frameOf({ c, deps, generation, root: rootOf(c.req.path) }));
  });
}
