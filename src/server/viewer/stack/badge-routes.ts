import { utf8 } from "../../../bytes.ts";
import { BADGE_AGE_S } from "../../../viewer-limits.ts";
import type { AppDeps, ServerApp } from "../../deps.ts";
import {
  partsBelow,
  Representation,
  represent,
  SANDBOX_POLICY,
  statusReply,
} from "../../http/index.ts";
import { findDevfile } from "../../rest/devfile-lookup.ts";
import { withGeneration } from "../../with-generation.ts";
import { badge } from "./badge.ts";

const PREFIX = "/badges/";
const SUFFIX = ".svg";

/** Adds /badges/{name}.svg and /badges/{name}/{version}.svg: pictures for pages elsewhere. */
export function addBadgeRoutes(app: ServerApp, deps: AppDeps): void {
  app.get(
    `${PREFIX}*`,
    withGeneration(deps, async (c, { build }) => {
      const { path, raw } = c.req;
      const parts = path.endsWith(SUFFIX)
        ? partsBelow(PREFIX, path.slice(0, -SUFFIX.length))
        : undefined;
      const target = parts && (await findDevfile(build, parts, {}));
      if (target?.kind !== "devfile") return statusReply(raw, 404, "there is no such badge");
      const { entry, version } = target.place;
      const text = badge(entry.name, version?.version ?? entry.version ?? "");
      const picture = new Representation({
        bytes: utf8(text),
        type: "image/svg+xml",
        policy: SANDBOX_POLICY,
        cacheControl: `public, max-age=${BADGE_AGE_S}`,
      });
      return represent(raw, picture);
    }),
  );
}
