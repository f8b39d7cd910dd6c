import type { IndexEntry } from "../../../generator/index.ts";
import type { AppDeps, ServerApp } from "../../deps.ts";
import { cut } from "../cut.ts";
import { entryPath, ownNameOf } from "../entry-link.ts";
import type { Page } from "../layout.ts";
import { iconAddress } from "../logo.ts";
import { addSitePage, type PageAnswer, type SitePageRequest } from "../page.ts";
import { keptPiece } from "../pieces.ts";
import { devfilePath, filePath } from "./addresses.ts";
import { comparison } from "./compare/comparison.ts";
import {
  chooseVersion,
  findEntry,
  type ShownVersion,
  versionBefore,
  versionsOf,
} from "./find-entry.ts";
import { missingEntry, missingVersion } from "./missing-entry.ts";
import { openVersion } from "./open-version.ts";
import { parentsOf } from "./parents.ts";
import { renderReadme } from "./readme.ts";
import { type PageHead, stackHead, versionsOn } from "./stack-head.ts";
import { type StackView, stackView } from "./stack-view.ts";
import { versionBar } from "./version-bar.ts";
import { yamlBlock } from "./yaml-block.ts";

const VERSION = "devfile-version";
const COMPARE = "compare";
const DESCRIPTION_CHARS = 200;
const VERSION_CHARS = 100;

/** Adds /viewer/devfiles/{registry}/{name}: the page of a stack or sample, of any registry name. */
export function addStackPage(app: ServerApp, deps: AppDeps): void {
  addSitePage(app, deps, {
    path: "/viewer/devfiles/:registry/:devfile",
    query: ({ query }) => formatQuery(query),
    make: (request) => makePage(request),
  });
}

function formatQuery(query: URLSearchParams): string {
  const parameters = new URLSearchParams();
  for (const name of [VERSION, COMPARE]) {
    const value = query.get(name) ?? "";
    if (value !== "") parameters.set(name, cut(value, VERSION_CHARS));
  }
  return parameters.toString();
}

async function makePage(request: SitePageRequest): Promise<PageAnswer> {
  const { c, generation, query } = request;
  const wanted = c.req.param("devfile") ?? "";
  const entry = findEntry(generation.build, wanted);
  if (entry === undefined) return missingEntry(request, wanted);
  const versions = versionsOf(entry);
  const chosen = chooseVersion(versions, query.get(VERSION));
  if (chosen === undefined) return missingVersion(request, entry, query.get(VERSION) ?? "");
  const compared = query.get(COMPARE) ?? "";
  const other = compared === "" ? undefined : chooseVersion(versions, compared);
  if (compared !== "" && other === undefined) return missingVersion(request, entry, compared);
  const head = await headOf(request, entry, versions, chosen, other);
  return other === undefined ? showVersion(request, head) : showComparison(request, head, other);
}

async function headOf(
  { deps, generation, root }: SitePageRequest,
  entry: IndexEntry,
  versions: readonly ShownVersion[],
  chosen: ShownVersion,
  other: ShownVersion | undefined,
): Promise<PageHead> {
  const registry = ownNameOf(deps);
  const picture = await iconAddress(generation, entry);
  const before = versionBefore(versions, chosen) ?? versions.find((each) => each !== chosen);
  return { root, registry, entry, versions, chosen, other: other ?? before, picture };
}

async function showVersion(request: SitePageRequest, head: PageHead): Promise<Page> {
  const { deps, generation, site } = request;
  const places = { ...generation, publicUrl: deps.config.publicUrl };
  const opened = await openVersion(places, head.entry, head.chosen);
  const { model, devfile, readme: text } = opened;
  const parents = model === undefined ? [] : await parentsOf(generation, head.registry, model);
  const files = `${head.root}${filePath(head.entry, head.chosen.name, "")}`;
  const readme =
    text && (await keptPiece(generation, ["readme", files], () => renderReadme(text, files)));
  const download = `${head.root}${devfilePath(head.entry, head.chosen.name)}`;
  const yaml =
    devfile &&
    (await keptPiece(generation, ["yaml", download], () => yamlBlock(devfile, download)));
  const view: StackView = {
    ...head,
    site,
    opened,
    parents,
    readme: readme || undefined,
    yaml: yaml || undefined,
  };
  return { ...pageOf(head, head.chosen.name), main: stackView(view) };
}

async function showComparison(
  { generation }: SitePageRequest,
  head: PageHead,
  other: ShownVersion,
): Promise<Page> {
  const { root, registry, entry, chosen } = head;
  const key = ["comparison", root, registry, entry.name, other.name, chosen.name];
  const compared = await keptPiece(generation, key, async () => {
    const after = await openVersion(generation, entry, chosen);
    const before = await openVersion(generation, entry, other);
    return comparison(head, before, after);
  });
  const title = `${other.name} to ${chosen.name}`;
  return {
    ...pageOf(head, title),
    main: stackHead(head, [versionBar(versionsOn(head)), compared]),
  };
}

function pageOf({ registry, entry, chosen, picture }: PageHead, title: string): Omit<Page, "main"> {
  const name = entry.displayName || entry.name;
  const said = chosen.version?.description || entry.description || "";
  return {
    title: cut([name, title].filter((part) => part !== "").join(" "), DESCRIPTION_CHARS),
    description: cut(said || `${name} of the devfile registry`, DESCRIPTION_CHARS),
    active: "home",
    canonical: entryPath(registry, entry, chosen.isDefault ? undefined : chosen.name),
    picture,
  };
}
