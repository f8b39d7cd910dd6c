import { entryCard, type ShownEntry } from "./card.ts";
import { type Html, html } from "./html.ts";

/** What the page shows. */
export interface PageContent {
  readonly name: string;
  readonly publicUrl: string | undefined;
  /** Address of the style sheet, relative to the site. */
  readonly style: string;
  readonly stacks: readonly ShownEntry[];
  readonly samples: readonly ShownEntry[];
  readonly version: string;
  /** What is served: the commit, where it is known. */
  readonly revision: string | undefined;
  /** Addresses of the registry repositories that it was made from, where they have any. */
  readonly sources: readonly string[];
  /** What is worth telling of the state of the registry, though nothing is wrong. */
  readonly notes: readonly string[];
}

const SHORT_REVISION_CHARS = 12;

const KEYWORDS = "Devfile, OpenShift, Kubernetes";

/** Makes the page that lists everything the registry has. Parity: clients look for its title. */
export function listPage(content: PageContent): string {
  const { name, stacks, samples, publicUrl } = content;
  const title = name === "" ? "Devfile Registry" : `${name} · Devfile Registry`;
  return layout(
    title,
    content.style,
    html`
  <header>
    <div class="wrap">
      <p class="eyebrow">Devfile Registry</p>
      <h1>${name || "Devfile Registry"}</h1>
      <p class="lead">${counted(stacks.length, "stack")} and ${counted(samples.length, "sample")},
        ready for editors, consoles and command lines${
          publicUrl === undefined ? "." : html` at <code>${publicUrl}</code>`
        }</p>
      <nav aria-label="Sections">
        <a href="viewer#stacks">Stacks</a>
        <a href="viewer#samples">Samples</a>
        <a href="v2index/all">Index</a>
        <a href="info">Info</a>
      </nav>
    </div>
  </header>
  <main class="wrap">
    ${section("stacks", "Stacks", stacks)}
    ${section("samples", "Samples", samples)}
  </main>
  <footer><div class="wrap">Served by devreg ${content.version}${origin(content)}${content.notes.map(
    (note) => html`<p class="note" role="status">${note}</p>`,
  )}</div></footer>`,
  );
}

/** Makes the page for an address of the viewer that does not exist; `home` leads to the list. */
export function missingPage(style: string, home: string): string {
  return layout(
    "Not found · Devfile Registry",
    style,
    html`
  <main class="wrap missing">
    <p class="eyebrow">404</p>
    <h1>There is no such page</h1>
    <p class="lead"><a href="${home}">See everything this registry has</a></p>
  </main>`,
  );
}

function layout(title: string, style: string, body: Html): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>${title}</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="keywords" content="${KEYWORDS}">
  <meta name="description" content="Stacks and samples of this devfile registry">
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="${style}">
</head>
<body>${body}
</body>
</html>
`.markup;
}

function section(id: string, title: string, entries: readonly ShownEntry[]): Html {
  const list =
    entries.length === 0
      ? html`<p class="empty">This registry has none.</p>`
      : html`<ul class="cards">${entries.map(entryCard)}</ul>`;
  return html`
    <section id="${id}" aria-labelledby="${id}-title">
      <h2 id="${id}-title">${title} <span class="count">${entries.length}</span></h2>
      ${list}
    </section>`;
}

function origin({ revision, sources }: PageContent): Html {
  const from = sources.length === 0 ? "" : ` from ${sources.join(" and ")}`;
  if (revision === undefined) return html`${from}`;
  const short = revision.slice(0, SHORT_REVISION_CHARS);
  return html`${from} at <code class="revision" title="${revision}">${short}</code>`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
