import { ARTIFACT_NAME_CHARS, ARTIFACTS_SHOWN } from "../../../artifact-limits.ts";
import { counted } from "../../../counted.ts";
import { SCAN_KINDS, type ScanKind } from "../../artifact-type.ts";
import {
  type ArtifactSelection,
  type ArtifactShelf,
  type Artifacts,
  notesOf,
  type PullHost,
  pullHostOf,
  selectArtifacts,
} from "../../artifacts/index.ts";
import type { AppDeps, ServerApp } from "../../deps.ts";
import { emptyState, note, table } from "../components.ts";
import { ownNameOf } from "../entry-link.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icon.ts";
import { addSitePage, type SitePageRequest } from "../page.ts";
import { artifactIcon } from "./artifact-icon.ts";
import {
  type ArtifactPageQuery,
  artifactsHref,
  formatArtifactPageQuery,
  parseArtifactPageQuery,
} from "./artifact-query.ts";
import { ARTIFACT_COLUMNS, artifactRow } from "./artifact-row.ts";
import { type FindStack, stackFinder } from "./stack-finder.ts";

/** What the rows of the page need to know beside their artifact. */
interface Around {
  readonly from: PullHost;
  readonly root: string;
  readonly entryOf: FindStack;
}

const SCAN_WORDS: Readonly<Record<ScanKind, string>> = {
  image: "Images",
  sbom: "SBOMs",
  files: "Files",
  none: "Nothing",
};

/** Adds /viewer/artifacts: everything that OCI clients can pull from here, and how. */
export function addArtifactsPage(app: ServerApp, deps: AppDeps, shelf: ArtifactShelf): void {
  const read = ({ query }: SitePageRequest) => parseArtifactPageQuery(query);
  addSitePage(app, deps, {
    path: "/viewer/artifacts",
    query: (request) => formatArtifactPageQuery(read(request)),
    depends: ({ generation }) => shelf.ready(generation)?.number.toString(),
    make: async (request) => {
      const artifacts = await shelf.of(request.generation);
      return {
        title: "Artifacts",
        description: `Everything that OCI clients can pull: ${summary(artifacts)}`,
        active: "artifacts",
        canonical: "viewer/artifacts",
        main: mainOf(artifacts, read(request), {
          from: pullHostOf(request.site),
          root: request.root,
          entryOf: stackFinder(request.generation.build.index, ownNameOf(deps), request.root),
        }),
      };
    },
  });
}

function mainOf(artifacts: Artifacts, query: ArtifactPageQuery, around: Around): Html {
  const { from, root } = around;
  const { type, scan, name } = query;
  const types = type === "" ? [] : [type];
  const selection = selectArtifacts(artifacts, { types, scan, name });
  const pages = Math.max(1, Math.ceil(selection.found.length / ARTIFACTS_SHOWN));
  const page = Math.min(query.page, pages);
  const first = (page - 1) * ARTIFACTS_SHOWN;
  const shown = selection.found.slice(first, first + ARTIFACTS_SHOWN);
  const json = formatArtifactPageQuery({ ...query, page: 1 });
  return html`<div class="hero">
<h1>Artifacts</h1>
<p class="lead">Everything that OCI clients can pull from <code>${from.host}</code>: ${summary(artifacts)}.</p>
${search(query)}</div>
${notesOf(artifacts).map((text) => note(artifacts.isGathering ? "info" : "warn", `${text}.`))}
${typeChips(artifacts, selection, query)}
${scanChips(selection, query)}
<div class="found"><p>${counted(selection.found.length, "artifact")}${
    pages > 1 ? html`, page ${page} of ${pages}` : undefined
  }</p><a href="${root}artifacts${json === "" ? "" : `?${json}`}">As JSON</a></div>
${
  shown.length === 0
    ? emptyState(
        "Nothing matches",
        html`Try another type or name, or <a href="artifacts">see everything</a>.`,
      )
    : html`<div class="artifacts">${table(
        "Artifacts",
        ARTIFACT_COLUMNS,
        shown.map((artifact) => artifactRow(artifact, around)),
      )}</div>`
}
${pages > 1 ? pager({ ...query, page }, pages) : undefined}`;
}

function search({ type, scan, name }: ArtifactPageQuery): Html {
  return html`<form class="search" role="search" action="artifacts" method="get">
<label class="visually-hidden" for="name">Search artifacts by name, tag or digest</label>
${icon("search")}
<input type="search" id="name" name="name" value="${name}" maxlength="${ARTIFACT_NAME_CHARS}" placeholder="Name, tag or digest" autocomplete="off" spellcheck="false">
${type === "" ? undefined : html`<input type="hidden" name="type" value="${type}">`}
${scan && html`<input type="hidden" name="scan" value="${scan}">`}
<button class="button primary">Search</button>
</form>`;
}

function typeChips(
  { types }: Artifacts,
  { counts }: ArtifactSelection,
  query: ArtifactPageQuery,
): Html {
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  return html`<nav class="choices" aria-label="Types"><ul class="chips">
<li>${choice("All types", all, query.type === "", artifactsHref(query, { type: "" }))}</li>
${counts.map(({ id, text, count }) => {
  if (count === 0 && query.type !== id) return undefined;
  const found = types.find((each) => each.id === id);
  const words = html`${found && artifactIcon(found.icon)}${text}`;
  return html`<li>${choice(words, count, query.type === id, artifactsHref(query, { type: id }))}</li>`;
})}</ul></nav>`;
}

function scanChips({ scans }: ArtifactSelection, query: ArtifactPageQuery): Html {
  const all = SCAN_KINDS.reduce((sum, kind) => sum + scans[kind], 0);
  return html`<nav class="choices" aria-label="What there is to scan"><span class="soft">To scan</span><ul class="chips">
<li>${choice("Anything", all, query.scan === undefined, artifactsHref(query, { scan: undefined }))}</li>
${SCAN_KINDS.map((kind) => {
  const href = artifactsHref(query, { scan: kind });
  return html`<li>${choice(SCAN_WORDS[kind], scans[kind], query.scan === kind, href)}</li>`;
})}</ul></nav>`;
}

function choice(text: Html | string, count: number, isChosen: boolean, href: string): Html {
  return html`<a class="chip${isChosen ? " accent" : ""}" href="${href}"${
    isChosen ? html` aria-current="true"` : undefined
  }>${text} <span class="count">${count}</span></a>`;
}

function pager(query: ArtifactPageQuery, pages: number): Html {
  const { page } = query;
  const step = (to: number, rel: "prev" | "next") =>
    html`<li><a class="page" rel="${rel}" href="${artifactsHref(query, { page: to })}" aria-label="${
      rel === "prev" ? "Previous" : "Next"
    } page">${icon(rel === "prev" ? "previous" : "next")}</a></li>`;
  return html`<nav class="pages" aria-label="Pages"><ul>${page > 1 ? step(page - 1, "prev") : undefined}
<li><a class="page" href="${artifactsHref(query, { page })}" aria-current="page" aria-label="Page ${page} of ${pages}">${page}</a></li>
${page < pages ? step(page + 1, "next") : undefined}</ul></nav>`;
}

function summary({ list }: Artifacts): string {
  const types = new Set(list.map(({ type }) => type.id));
  return `${counted(list.length, "artifact")} of ${counted(types.size, "type")}`;
}
