import type { AppDeps, ServerApp } from "../deps.ts";
import { IMMUTABLE, partsBelow, REVALIDATE, representRanges, statusReply } from "../http/index.ts";
import { withGeneration } from "../with-generation.ts";

/** Folders of a build that are served as they are, and how long their files may be kept. */
const FOLDERS: Readonly<Record<string, string>> = {
  stacks: REVALIDATE,
  samples: REVALIDATE,
  // Icon files are named after their digest.
  icons: IMMUTABLE,
};

/** Adds /stacks/…, /samples/… and /icons/…: files with ranges, no listings. */
export function addFileRoutes(app: ServerApp, deps: AppDeps): void {
  for (const [folder, cacheControl] of Object.entries(FOLDERS)) {
    const answer = withGeneration(deps, async (c, { reader }) => {
      const parts = partsBelow("/", c.req.path);
      const file = parts && (await reader.open(parts.join("/"), "file", cacheControl));
      return file === undefined
        ? statusReply(c.req.raw, 404, "there is no such file")
        : representRanges(c.req.raw, file);
    });
    app.get(`/${folder}/*`, answer);
  }
}
