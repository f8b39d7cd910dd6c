import { CARD_TEXT_CHARS, CARD_WORD_CHARS } from "../../../viewer-limits.ts";
import { chip, externalLink } from "../components.ts";
import { cut } from "../cut.ts";
import { type Html, html } from "../html.ts";
import { type IconName, icon } from "../icon.ts";
import { logo } from "../logo.ts";
import { type CatalogItem, defaultVersionOf } from "./catalog.ts";
import { commandGroupsOf } from "./facets.ts";

/** An item and where its icon is, relative to the page. */
export interface ShownItem {
  readonly item: CatalogItem;
  readonly picture: string | undefined;
  /** Address of its page, relative to this one or on another registry. */
  readonly href: string;
}

/** The most tags on a card; its page has all. */
const TAGS_SHOWN = 3;
/** The most architectures on a card. */
const ARCHITECTURES_SHOWN = 4;

/** Makes the card of one stack or sample; its rows stand beside those of the cards next to it. */
export function card(shown: ShownItem): Html {
  const { item, picture } = shown;
  const { entry, deprecated } = item;
  return html`<li class="card${deprecated ? " deprecated" : ""}">
<div class="card-head">${logo(entry.name, picture)}<div>
<h3>${titleLink(shown)}</h3>
<p class="by">${byline(item)}</p></div></div>
<p class="description">${cut(entry.description ?? "", CARD_TEXT_CHARS)}</p>
<div class="chips">${deprecated ? chip("Deprecated", { kind: "warn" }) : undefined}${
    entry.language ? chip(cut(entry.language, CARD_WORD_CHARS), { kind: "accent" }) : undefined
  }${tagsOf(item).map((tag) => chip(cut(tag, CARD_WORD_CHARS)))}</div>
${abilities(item)}
${foot(item)}</li>`;
}

function titleLink({ item: { title, other }, href }: ShownItem): Html {
  const text = cut(title, CARD_WORD_CHARS);
  return other === undefined ? html`<a href="${href}">${text}</a>` : externalLink({ text, href });
}

function byline({ entry, other }: CatalogItem): string {
  const parts = [entry.provider, other?.name].flatMap((part) => part || []);
  return parts.length === 0
    ? cut(entry.name, CARD_WORD_CHARS)
    : parts.map((part) => cut(part, CARD_WORD_CHARS)).join(" · ");
}

/** The language has a label of its own, and so has what is deprecated. */
function tagsOf({ entry }: CatalogItem): readonly string[] {
  const said = new Set(["deprecated", entry.language?.toLowerCase()]);
  return (entry.tags ?? []).filter((tag) => !said.has(tag.toLowerCase())).slice(0, TAGS_SHOWN);
}

/** What it has commands for, and where it runs if that is not everywhere. */
function abilities({ entry }: CatalogItem): Html {
  const groups = commandGroupsOf({ entry, version: defaultVersionOf(entry) });
  const architectures = (entry.architectures ?? [])
    .slice(0, ARCHITECTURES_SHOWN)
    .map((each) => cut(each, CARD_WORD_CHARS));
  return html`<div class="abilities">${ability("terminal", "Commands for", groups)}${ability(
    "chip",
    "Runs on",
    architectures,
  )}</div>`;
}

function ability(picture: IconName, words: string, values: readonly string[]): Html | undefined {
  if (values.length === 0) return undefined;
  return html`<p title="${words} ${values.join(", ")}">${icon(picture)}<span class="visually-hidden">${words}</span> ${values.join(" · ")}</p>`;
}

function foot(item: CatalogItem): Html {
  const { entry, version, modified } = item;
  const sample = entry.type === "sample";
  return html`<p class="card-foot"><span>${icon(sample ? "sample" : "stack")}${sample ? "Sample" : "Stack"}</span>${
    version === undefined ? undefined : html`<span>${versionsOf(item)}</span>`
  }${modified === "" ? undefined : html`<time datetime="${modified}" title="Last updated">${modified}</time>`}</p>`;
}

function versionsOf({ entry, version = "" }: CatalogItem): string {
  const count = entry.versions?.length ?? 0;
  const shown = cut(version, CARD_WORD_CHARS);
  return count > 1 ? `${shown} and ${count - 1} more` : shown;
}
