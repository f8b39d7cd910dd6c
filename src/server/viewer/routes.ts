import { utf8 } from "../../bytes.ts";
import { eachBounded } from "../../concurrent.ts";
import type { IndexEntry } from "../../generator/index.ts";
import { ICON_CONCURRENCY } from "../../limits.ts";
import type { AppDeps, ServerApp, ServerConfig } from "../deps.ts";
import { describeGeneration } from "../generation-facts.ts";
import {
  HTML_TYPE,
  PAGE_POLICY,
  PLAIN_TEXT,
  Representation,
  reply,
  represent,
} from "../http/index.ts";
import { findIconFile } from "../inline-icons.ts";
import type { PreparedGeneration } from "../served.ts";
import { withGeneration } from "../with-generation.ts";
import { PLACEHOLDER, STYLE } from "./assets.ts";
import type { ShownEntry } from "./card.ts";
import { listPage, missingPage } from "./page.ts";

const HEADLESS = "registry viewer is not available in headless mode";

/** Adds /viewer: one page, made once for each generation and its notes, and its style sheet. */
export function addViewerRoutes(app: ServerApp, deps: AppDeps): void {
  if (deps.config.headless) {
    const refuse = (request: Request) =>
      reply(request, utf8(HEADLESS), PLAIN_TEXT, { status: 400 });
    app.get("/viewer", (c) => refuse(c.req.raw));
    app.get("/viewer/*", (c) => refuse(c.req.raw));
    return;
  }
  const pages = new WeakMap<PreparedGeneration, MadePage>();
  const show = withGeneration(deps, async (c, generation) => {
    const notes = deps.state.notes?.() ?? [];
    const key = notes.join("\n");
    const known = pages.get(generation);
    const made =
      known?.key === key ? known : { key, page: makePage(deps.config, generation, notes) };
    pages.set(generation, made);
    return represent(c.req.raw, await made.page);
  });
  app.get("/viewer", show);
  for (const { name, body } of [STYLE, PLACEHOLDER]) {
    app.get(`/viewer/${name}`, (c) => represent(c.req.raw, body));
  }
  app.get("/viewer/*", (c, next) =>
    c.req.path === "/viewer/" ? next() : missing(c.req.path, c.req.raw),
  );
}

/** The page of a generation, and the notes that it was made with. */
interface MadePage {
  readonly key: string;
  readonly page: Promise<Representation>;
}

async function makePage(
  { name, publicUrl, version }: ServerConfig,
  generation: PreparedGeneration,
  notes: readonly string[],
): Promise<Representation> {
  const { index } = generation.build;
  const { revision, sources } = describeGeneration(generation.build);
  const shown = await eachBounded(index, ICON_CONCURRENCY, (entry) => showEntry(generation, entry));
  const text = listPage({
    name,
    publicUrl,
    version,
    revision,
    sources: sources.flatMap(({ url }) => url ?? []),
    notes,
    style: `viewer/${STYLE.name}`,
    stacks: shown.filter(({ entry }) => entry.type !== "sample"),
    samples: shown.filter(({ entry }) => entry.type === "sample"),
  });
  return new Representation({
    bytes: utf8(text),
    type: HTML_TYPE,
    modified: generation.since,
    policy: PAGE_POLICY,
  }).prepare();
}

async function showEntry({ build }: PreparedGeneration, entry: IndexEntry): Promise<ShownEntry> {
  const { icon = "" } = entry;
  if (icon.startsWith("data:image/")) return { entry, icon };
  const file = icon === "" ? undefined : await findIconFile(build, entry, icon);
  return { entry, icon: file === undefined ? `viewer/${PLACEHOLDER.name}` : addressOf(file) };
}

function addressOf(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Addresses on the page are relative, so that it works below any base path. */
function missing(path: string, request: Request): Response {
  const up = "../".repeat(path.split("/").length - 2);
  const text = missingPage(`${up}viewer/${STYLE.name}`, `${up}viewer`);
  return reply(request, utf8(text), HTML_TYPE, {
    status: 404,
    headers: { "content-security-policy": PAGE_POLICY },
  });
}
