import { SEARCH_CHARS } from "../../viewer-limits.ts";
import type { LinkTo } from "./components.ts";
import { type Html, html } from "./html.ts";
import { icon } from "./icon.ts";
import type { Page } from "./layout.ts";

/** Something that may have been meant. */
export interface Near extends LinkTo {
  /** Its picture, where it has one. */
  readonly picture?: Html | undefined;
  /** True where it is on another server. */
  readonly away?: boolean;
  /** What it is, in a few words. */
  readonly about?: string | undefined;
}

/** What is told of something that does not exist. */
export interface Missing {
  readonly what?: string;
  readonly nearest?: readonly Near[];
  /** What to begin a search with. */
  readonly search?: string;
}

/** Makes the page for what does not exist, with what may have been meant instead and a search. */
export function missingPage(root: string, missing: Missing = {}): Page {
  const { what = "There is no such page", nearest = [], search = "" } = missing;
  return {
    title: "Not found",
    description: "There is nothing at this address of the registry",
    status: 404,
    main: html`<div class="missing">
<p class="eyebrow">404</p>
<h1>${what}</h1>
${nearest.length === 0 ? undefined : suggestions(nearest)}
<form class="search" role="search" action="${root}viewer" method="get">
<label class="visually-hidden" for="search">Search stacks and samples</label>
${icon("search")}
<input type="search" id="search" name="search" value="${search.slice(0, SEARCH_CHARS)}" maxlength="${SEARCH_CHARS}" placeholder="Name, language, framework or tag" autocomplete="off" spellcheck="false">
<button class="button">Search</button></form>
<p><a class="button primary" href="${root}viewer">See everything this registry has</a></p>
</div>`,
  };
}

function suggestions(nearest: readonly Near[]): Html {
  return html`<h2 id="meant">Did you mean</h2>
<ul class="near" aria-labelledby="meant">${nearest.map(
    ({ text, href, picture, about, away }) =>
      html`<li><a class="panel" href="${href}"${away === true ? html` rel="noopener noreferrer nofollow"` : undefined}>${picture}<span><strong>${text}</strong>${away === true ? icon("external") : undefined}${about && html`<span class="soft">${about}</span>`}</span></a></li>`,
  )}</ul>`;
}
