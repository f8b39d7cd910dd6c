import type { IndexEntry, IndexVersion } from "../../generator/index.ts";
import { type Html, html } from "./html.ts";

/** An entry and where its icon is, relative to the site. */
export interface ShownEntry {
  readonly entry: IndexEntry;
  readonly icon: string;
}

/** How many versions a card shows before the rest folds away. */
const VERSIONS_SHOWN = 4;

/** Makes the card of one stack or sample. */
export function entryCard({ entry, icon }: ShownEntry): Html {
  const title = entry.displayName || entry.name;
  return html`
    <li class="card" id="${anchorOf(entry)}">
      <div class="card-head">
        <img src="${icon}" alt="" width="44" height="44" loading="lazy" decoding="async">
        <div>
          <h3><a href="${devfileAddress(entry)}">${title}</a></h3>
          <p class="name">${entry.name}</p>
        </div>
      </div>
      ${entry.description ? html`<p class="description">${entry.description}</p>` : undefined}
      ${facts(entry)}
      ${tagList(entry.tags ?? [])}
      ${versionLists(entry)}
    </li>`;
}

function facts(entry: IndexEntry): Html | undefined {
  const known = [
    ["Language", entry.language],
    ["Project", entry.projectType],
    ["Provider", entry.provider],
  ] as const;
  const shown = known.filter(([, value]) => value !== undefined && value !== "");
  if (shown.length === 0) return undefined;
  return html`<dl class="facts">${shown.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

function tagList(tags: readonly string[]): Html | undefined {
  if (tags.length === 0) return undefined;
  return html`<ul class="tags" aria-label="Tags">${tags.map((tag) => html`<li>${tag}</li>`)}</ul>`;
}

function versionLists(entry: IndexEntry): Html | undefined {
  const versions = (entry.versions ?? []).filter((version) => version.version !== undefined);
  if (versions.length === 0) return undefined;
  const first = versions.slice(0, VERSIONS_SHOWN);
  const rest = versions.slice(VERSIONS_SHOWN);
  return html`<div class="versions">${versionList(entry, first)}${
    rest.length === 0
      ? undefined
      : html`<details><summary>${rest.length} more</summary>${versionList(entry, rest)}</details>`
  }</div>`;
}

function versionList(entry: IndexEntry, versions: readonly IndexVersion[]): Html {
  return html`<ul aria-label="Versions">${versions.map(
    (version) =>
      html`<li><a href="${devfileAddress(entry, version.version)}"${
        version.default ? html` class="default"` : undefined
      }>${version.version}${
        version.default ? html`<span class="note"> default</span>` : undefined
      }</a></li>`,
  )}</ul>`;
}

function devfileAddress(entry: IndexEntry, version?: string): string {
  const parts = [...entry.name.split("/"), ...(version === undefined ? [] : [version])];
  return `devfiles/${parts.map(encodeURIComponent).join("/")}`;
}

function anchorOf(entry: IndexEntry): string {
  return `${entry.type ?? "stack"}-${entry.name.replace(/[^\w.-]/g, "-")}`;
}
