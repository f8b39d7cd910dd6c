import { counted } from "../../../counted.ts";
import type { Build } from "../../../generator/index.ts";
import { SEARCH_CHARS } from "../../../viewer-limits.ts";
import type { Site } from "../../site/index.ts";
import { command } from "../components.ts";
import { odoRegistryCommand, registryAddress } from "../connect.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icon.ts";
import type { Catalog } from "./catalog.ts";

/** What the top of the home page tells of the registry. */
export interface Hero {
  readonly build: Build;
  readonly catalog: Catalog;
  /** The name that this registry goes by. */
  readonly registry: string;
  /** What is searched for. */
  readonly text: string;
  /** Undefined where the request does not tell it; commands need it. */
  readonly site: Site | undefined;
}

const CONNECT = "Add this registry to your tools";

/** Makes the top of the home page: what is here, how to search it, how to use it from elsewhere. */
export function hero({ build, catalog, registry, text, site }: Hero): Html {
  const updated = lastChange(build, catalog);
  return html`<div class="hero home-hero"><div>
<h1>Ready-made development environments</h1>
<p class="lead">${summary(catalog)}, ready for editors, consoles and command lines.${
    updated === "" ? undefined : html` Updated <time datetime="${updated}">${updated}</time>.`
  }</p>
<form id="catalog" class="search" role="search" action="viewer" method="get">
<label class="visually-hidden" for="search">Search stacks and samples</label>
${icon("search")}
<input type="search" id="search" name="search" value="${text}" maxlength="${SEARCH_CHARS}" placeholder="Name, language, framework or tag" autocomplete="off" spellcheck="false" aria-controls="results" aria-keyshortcuts="Control+K Meta+K">
<kbd class="with-script" aria-hidden="true">Ctrl K</kbd>
<button class="button primary">Search</button>
</form></div>
${site && connect(site, registry)}</div>`;
}

/** Says in a few words how much there is. */
export function summary({ items, others }: Catalog): string {
  const samples = items.filter(({ entry }) => entry.type === "sample").length;
  const parts = [counted(items.length - samples, "stack")];
  if (samples > 0) parts.push(counted(samples, "sample"));
  const shown = others.filter(({ entries }) => entries.length > 0).length;
  return `${parts.join(" and ")}${shown === 0 ? "" : ` from ${shown + 1} registries`}`;
}

/** One line a tool: what makes it know this registry. */
function connect(site: Site, registry: string): Html {
  const odo = odoRegistryCommand(site, registry);
  return html`<details class="connect" id="connect"><summary>${icon("plug")}<span>${CONNECT}</span></summary>
<h2>${icon("plug")}<span>${CONNECT}</span></h2>
<dl>${odo && html`<div><dt>odo</dt><dd>${command(odo, "the odo command")}</dd></div>`}
<div><dt>VS Code</dt><dd>${command(registryAddress(site), "the address of this registry")}</dd></div></dl>
<p>In VS Code the address goes under “Devfile Registries”.</p></details>`;
}

/** The day of the commit that is served, or of the newest entry where that is not known. */
function lastChange({ info }: Build, { items }: Catalog): string {
  const commit = info?.commit_time?.slice(0, "2026-02-01".length) ?? "";
  if (/^\d{4}-\d\d-\d\d$/.test(commit)) return commit;
  return items.reduce(
    (newest, { modified, other }) => (other === undefined && modified > newest ? modified : newest),
    "",
  );
}
