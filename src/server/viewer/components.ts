import { type Html, type HtmlValue, html } from "./html.ts";
import { type IconName, icon } from "./icon.ts";

/** A link with the words it shows. */
export interface LinkTo {
  readonly text: string;
  readonly href: string;
}

/** Makes a link that looks like a button; at most one on a page is the primary one. */
export function buttonLink(
  link: LinkTo & { readonly icon?: IconName; readonly primary?: boolean; readonly file?: boolean },
): Html {
  return html`<a class="button${link.primary === true ? " primary" : ""}" href="${link.href}"${
    link.file === true ? html` download` : undefined
  }>${link.icon && icon(link.icon)}${link.text}</a>`;
}

/** Makes a link that leaves this server; it tells the other one nothing of this page. */
export function externalLink({ text, href }: LinkTo): Html {
  return html`<a class="external" href="${href}" rel="noopener noreferrer nofollow">${text}${icon("external")}</a>`;
}

/** Makes a button that copies `text`; it shows only where the script of the page runs. */
export function copyButton(text: string, what: string): Html {
  return html`<button type="button" class="copy" data-copy="${text}" aria-label="Copy ${what}" hidden>${icon("copy")}<span>Copy</span></button>`;
}

/** Makes a button that copies the text of the element with this id. */
export function copyFromButton(id: string, what: string): Html {
  return html`<button type="button" class="copy" data-copy-from="${id}" aria-label="Copy ${what}" hidden>${icon("copy")}<span>Copy</span></button>`;
}

/** Makes one command with its button; `what` says what is copied, as in "the odo command". */
export function command(text: string, what: string): Html {
  return html`<div class="command"><code>${words(text)}</code>${copyButton(text, what)}</div>`;
}

/** A word of its own element is broken only where it is wider than the line, never at a hyphen. */
function words(text: string): readonly HtmlValue[] {
  return text
    .split(" ")
    .map((word, at) => [at === 0 ? undefined : " ", html`<span>${word}</span>`]);
}

/** Makes a block of code with a title and actions above it. */
export function codeBlock(block: {
  readonly id: string;
  readonly title: HtmlValue;
  readonly code: HtmlValue;
  readonly actions?: HtmlValue;
}): Html {
  return html`<figure class="code">
<figcaption><span>${block.title}</span><span class="actions">${block.actions}${copyFromButton(block.id, "the code")}</span></figcaption>
<pre tabindex="0"><code id="${block.id}">${block.code}</code></pre></figure>`;
}

/** Makes a small label; with an address it is a link. */
export function chip(text: HtmlValue, options: { href?: string; kind?: ChipKind } = {}): Html {
  const kind = options.kind === undefined ? "" : ` ${options.kind}`;
  return options.href === undefined
    ? html`<span class="chip${kind}">${text}</span>`
    : html`<a class="chip${kind}" href="${options.href}">${text}</a>`;
}

/** What the colour of a label says. */
export type ChipKind = "accent" | "good" | "warn" | "bad";

/** Makes a note to the reader: something to know, to mind, or that went wrong. */
export function note(kind: "info" | "warn" | "bad", text: HtmlValue): Html {
  return html`<div class="note ${kind}" role="note">${icon(kind === "info" ? "info" : "warning")}<div>${text}</div></div>`;
}

/** Says that there is nothing to show, and what to do about it. */
export function emptyState(title: string, text: HtmlValue): Html {
  return html`<div class="empty">${icon("search")}<h2>${title}</h2><p>${text}</p></div>`;
}

/** Makes the way from the home page to this one; the last part is this page. */
export function breadcrumb(links: readonly LinkTo[], here: string): Html {
  return html`<nav class="breadcrumb" aria-label="Breadcrumb"><ol>${links.map(
    ({ text, href }) => html`<li><a href="${href}">${text}</a></li>`,
  )}<li aria-current="page">${here}</li></ol></nav>`;
}

/** Makes a row of links of which one is where the visitor is. */
export function tabs(
  label: string,
  links: readonly (LinkTo & { readonly current: boolean; readonly count?: number })[],
): Html {
  return html`<nav class="tabs" aria-label="${label}"><ul>${links.map(
    ({ text, href, current, count }) =>
      html`<li><a href="${href}"${current ? html` aria-current="page"` : undefined}>${text}${
        count === undefined ? undefined : html`<span class="count">${count}</span>`
      }</a></li>`,
  )}</ul></nav>`;
}

/** Makes a list of names and values; values that are not known are left out. */
export function facts(rows: readonly (readonly [name: string, value: HtmlValue])[]): Html {
  const known = rows.filter(([, value]) => value !== undefined && value !== "");
  return html`<dl class="facts">${known.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

/** Makes a table whose rows become cards where the screen is narrow; cells may hold markup. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly HtmlValue[])[],
): Html {
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0"><table>
<caption class="visually-hidden">${caption}</caption>
<thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, at) => html`<td data-label="${columns[at] ?? ""}">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}
