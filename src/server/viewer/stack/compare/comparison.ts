import { counted } from "../../../../counted.ts";
import { DIFF_CHANGES } from "../../../../viewer-limits.ts";
import { buttonLink, note } from "../../components.ts";
import { cut } from "../../cut.ts";
import { entryPath } from "../../entry-link.ts";
import { type Html, type HtmlValue, html } from "../../html.ts";
import { comparePath } from "../addresses.ts";
import type { OpenedVersion } from "../open-version.ts";
import type { PageHead } from "../stack-head.ts";
import { type Change, describeChanges, type FieldChange, type PartChanges } from "./changes.ts";
import { diffView } from "./diff-view.ts";

const VALUE_CHARS = 300;
const WORDS = { added: "added", removed: "removed", changed: "changed" } as const;

/** Shows what changed from one version to another: in words first, then line by line. */
export async function comparison(
  head: PageHead,
  before: OpenedVersion,
  after: OpenedVersion,
): Promise<Html> {
  const { root, registry, entry } = head;
  const [old, now] = [before.version.name, after.version.name];
  const titles = [`Version ${cut(old)}`, `Version ${cut(now)}`] as const;
  return html`<section class="section comparison" aria-labelledby="changes">
<div class="comparison-head"><h2 id="changes">What changed from ${cut(old)} to ${cut(now)}</h2>
<p class="actions">${buttonLink({ text: "The other way round", href: `${root}${comparePath(registry, entry, old, now)}`, icon: "compare" })}${buttonLink(
    {
      text: `Back to ${cut(now)}`,
      href: `${root}${entryPath(registry, entry, now)}`,
      icon: "previous",
    },
  )}</p></div>
${summary(describeChanges(before, after))}
<h3>Line by line</h3>
${
  before.devfile === undefined || after.devfile === undefined
    ? note("info", "The build does not have the devfile of both versions.")
    : await diffView(before.devfile, after.devfile, titles)
}</section>`;
}

function summary(parts: readonly PartChanges[]): HtmlValue {
  if (parts.length === 0) return html`<p>Both say the same.</p>`;
  let left = DIFF_CHANGES;
  const shown = parts.map(({ part, changes }) => {
    const some = changes.slice(0, Math.max(left, 0));
    left -= some.length;
    return { part, some, more: changes.length - some.length, total: changes.length };
  });
  return html`<div class="changes">${shown.map(
    ({
      part,
      some,
      more,
      total,
    }) => html`<section class="panel"><h3>${part} <span class="count">${counted(total, "change")}</span></h3>
<ul>${some.map(showChange)}</ul>${more > 0 ? html`<p class="soft">and ${more} more</p>` : undefined}</section>`,
  )}</div>`;
}

function showChange({ kind, name, fields }: Change): Html {
  const [whole] = fields;
  const isWhole = fields.length === 1 && whole?.field === "";
  return html`<li class="change ${kind}"><span class="what">${WORDS[kind]}</span> <code>${cut(name, VALUE_CHARS)}</code>${
    isWhole
      ? html` ${values(whole)}`
      : fields.length === 0
        ? undefined
        : html`<ul>${fields.map(
            (field) =>
              html`<li><span class="soft">${cut(field.field, VALUE_CHARS)}</span> ${values(field)}</li>`,
          )}</ul>`
  }</li>`;
}

/** What was and what is now, or the one that there is. */
function values({ before, after }: FieldChange): Html {
  const old = html`<del>${cut(before, VALUE_CHARS)}</del>`;
  const now = html`<ins>${cut(after, VALUE_CHARS)}</ins>`;
  if (before === "") return now;
  return after === ""
    ? old
    : html`${old} <span class="arrow" aria-hidden="true">→</span><span class="visually-hidden">is now</span> ${now}`;
}
