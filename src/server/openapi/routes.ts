import { utf8 } from "../../bytes.ts";
import type { AppDeps, ServerApp } from "../deps.ts";
import { JSON_TYPE, Representation, represent } from "../http/index.ts";
import { cacheControlOf, SiteCache, withSite } from "../site/index.ts";
import { describeServer } from "./document.ts";

/** Adds GET /openapi.json, which names this server as its clients reach it. */
export function addOpenApiRoute(app: ServerApp, deps: AppDeps): void {
  const made = new SiteCache();
  app.get("/openapi.json", (c) =>
    withSite(deps, c, (site) => {
      const body = made.of(site, () => {
        const text = `${JSON.stringify(describeServer(site, deps.config), null, 2)}\n`;
        return new Representation({
          bytes: utf8(text),
          type: JSON_TYPE,
          cacheControl: cacheControlOf(site),
        });
      });
      return represent(c.req.raw, body);
    }),
  );
}
