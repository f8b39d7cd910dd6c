import type { AppDeps, ServerApp } from "../deps.ts";
import { IMMUTABLE, partsBelow, REVALIDATE, statusReply } from "../http/index.ts";
import { withGeneration } from "../with-generation.ts";
import type { FileLook } from "./build-reader.ts";

/** How the files of a folder are shown, and how long they may be kept. */
interface FolderView {
  readonly look: FileLook;
  readonly cacheControl: string;
}

/** Folders of a build that are served as they are. */
const FOLDERS: Readonly<Record<string, FolderView>> = {
  stacks: { look: "file", cacheControl: REVALIDATE },
  samples: { look: "file", cacheControl: REVALIDATE },
  // Icon files are named after their digest.
  icons: { look: "file", cacheControl: IMMUTABLE },
  // So are the folders of documents, which are text whatever their name says.
  documents: { look: "text", cacheControl: IMMUTABLE },
};

/** Adds /stacks/…, /samples/…, /icons/… and /documents/…: files with ranges, no listings. */
export function addFileRoutes(app: ServerApp, deps: AppDeps): void {
  for (const [folder, { look, cacheControl }] of Object.entries(FOLDERS)) {
    const answer = withGeneration(deps, async (c, { reader }) => {
      const parts = partsBelow("/", c.req.path);
      const path = parts?.join("/");
      const file = path && (await reader.answer(c.req.raw, path, { look, cacheControl }));
      return file || statusReply(c.req.raw, 404, "there is no such file");
    });
    app.get(`/${folder}/*`, answer);
  }
}
