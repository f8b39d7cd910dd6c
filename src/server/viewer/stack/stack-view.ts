import type { Site } from "../../site/index.ts";
import { note } from "../components.ts";
import { type Html, html } from "../html.ts";
import { badgeSnippets } from "./badge-snippets.ts";
import { fileList } from "./file-list.ts";
import type { OpenedVersion } from "./open-version.ts";
import { type Parent, parentList } from "./parents.ts";
import { partsOf } from "./parts.ts";
import { sampleSource } from "./sample.ts";
import { sideFacts } from "./side.ts";
import { type PageHead, stackHead, versionsOn } from "./stack-head.ts";
import { starterList } from "./starters.ts";
import { useIt } from "./use-it.ts";
import { versionBar } from "./version-bar.ts";

/** What the page of a version shows. */
export interface StackView extends PageHead {
  readonly site: Site;
  readonly opened: OpenedVersion;
  readonly parents: readonly Parent[];
  readonly readme: Html | undefined;
  /** The devfile itself, line by line; undefined where there is none. */
  readonly yaml: Html | undefined;
}

/** One part of the page, which a link at its top leads to. */
interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** Shows one version: what it is, how to use it, what is in it. */
export function stackView(view: StackView): Html {
  const { root, opened } = view;
  const { site, registry, entry, chosen } = view;
  const used = { site, registry, entry, version: chosen, model: opened.model };
  const sections = sectionsOf(view).filter((section) => section !== undefined);
  const bar = versionBar(versionsOn(view));
  return stackHead(
    view,
    html`<nav class="jumps" id="jumps" aria-label="On this page"><ul>${sections.map(
      ({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`,
    )}</ul></nav>
<div class="stack-columns">${bar && html`<section class="panel side-versions" aria-labelledby="versions-title"><h2 id="versions-title">Versions <span class="count">${view.versions.length}</span></h2>${bar}</section>`}
<div class="sections-of">${sections.map(
      ({ id, title, body }) =>
        html`<section class="section" id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`,
    )}</div>
<aside class="side" aria-label="Facts"><div class="panel">${sideFacts(root, opened)}</div>
<details class="panel badge-of"><summary>Badge</summary>${badgeSnippets(root, used)}</details></aside></div>`,
  );
}

function sectionsOf(view: StackView): readonly (Section | undefined)[] {
  const { root, entry, chosen, opened, parents, readme, site, registry } = view;
  const { model, devfile, files } = opened;
  const starters = model?.starters ?? [];
  const used = { site, registry, entry, version: chosen, model };
  return [
    entry.type === "sample"
      ? { id: "source", title: "Source", body: sampleSource(entry, chosen) }
      : undefined,
    devfile === undefined && entry.type === "sample"
      ? undefined
      : { id: "use", title: "Use it", body: useIt(used) },
    starters.length === 0
      ? undefined
      : {
          id: "starters",
          title: "Starter projects",
          body: starterList(view, opened),
        },
    readme === undefined
      ? undefined
      : {
          id: "readme",
          title: "Readme",
          body: html`<div class="panel prose">${readme}</div>`,
        },
    parents.length === 0
      ? undefined
      : { id: "parents", title: "Parents", body: parentList(root, parents) },
    model === undefined || model.components.length + model.commands.length === 0
      ? undefined
      : { id: "parts", title: "What is in it", body: partsOf(model) },
    devfileSection(view),
    files.length === 0 ? undefined : { id: "files", title: "Files", body: fileList(root, opened) },
  ];
}

function devfileSection({ yaml, opened }: StackView): Section | undefined {
  if (yaml === undefined) return undefined;
  const broken =
    opened.model === undefined
      ? note("bad", "The devfile is not one that can be read; this is its text.")
      : undefined;
  return { id: "devfile", title: "Devfile", body: html`${broken}${yaml}` };
}
