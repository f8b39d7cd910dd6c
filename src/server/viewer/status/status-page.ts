import type { AppDeps, ServerApp } from "../../deps.ts";
import { frameOf, rootOf } from "../frame.ts";
import type { Page } from "../layout.ts";
import { addPage, showPage } from "../page.ts";
import { readStatus } from "./status-model.ts";
import { statusMain } from "./status-view.ts";

/** Adds /viewer/status: what is served, where it comes from, how the server is, and what failed. */
export function addStatusPage(app: ServerApp, deps: AppDeps): void {
  const path = "/viewer/status";
  // It is worth most while there is nothing to serve.
  app.get(path, (c, next) => {
    if (deps.state.current() !== undefined) return next();
    const root = rootOf(c.req.path);
    return showPage(c, frameOf({ c, deps, generation: undefined, root }), makePage(deps, root));
  });
  addPage(app, deps, {
    path,
    query: () => "",
    depends: () => undefined,
    make: ({ root }) => makePage(deps, root),
  });
}

function makePage(deps: AppDeps, root: string): Page {
  return {
    title: "Status",
    description: "What this registry serves, where it comes from, and how it is",
    active: "status",
    canonical: "viewer/status",
    main: statusMain(readStatus(deps), root),
  };
}
