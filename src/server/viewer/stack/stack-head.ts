import type { IndexEntry } from "../../../generator/index.ts";
import { breadcrumb, chip, note } from "../components.ts";
import { cut } from "../cut.ts";
import { entryPath } from "../entry-link.ts";
import { type Html, type HtmlValue, html } from "../html.ts";
import { logo } from "../logo.ts";
import type { ShownVersion } from "./find-entry.ts";
import type { VersionBar } from "./version-bar.ts";

/** What stands at the top of every page of an entry. */
export interface PageHead {
  readonly root: string;
  /** The name that this registry goes by. */
  readonly registry: string;
  readonly entry: IndexEntry;
  readonly versions: readonly ShownVersion[];
  readonly chosen: ShownVersion;
  /** The version it is compared with, or would be. */
  readonly other: ShownVersion | undefined;
  /** Where its icon is, below the site. */
  readonly picture: string | undefined;
}

/** Shows the head of an entry, and something below. */
export function stackHead(head: PageHead, below: HtmlValue): Html {
  const { root, entry, chosen, picture } = head;
  const title = cut(entry.displayName || entry.name);
  const said = chosen.version?.description || entry.description || "";
  const deprecated = (chosen.version?.tags ?? entry.tags ?? []).includes("Deprecated");
  return html`${breadcrumb([{ text: "Catalog", href: `${root}viewer` }], title)}
<header class="stack-head">${logo(entry.name, picture && `${root}${picture}`, "large")}<div>
<h1>${title}</h1>
<p class="chips">${chip(entry.type === "sample" ? "Sample" : "Stack", { kind: "accent" })}<code>${cut(entry.name)}</code>${
    chosen.name === "" ? undefined : html`<span class="soft">version ${cut(chosen.name)}</span>`
  }${deprecated ? chip("Deprecated", { kind: "warn" }) : undefined}</p>
${said === "" ? undefined : html`<p class="lead">${cut(said)}</p>`}</div></header>
${
  deprecated
    ? note(
        "warn",
        "This version is deprecated: it still works, but nothing new should begin with it.",
      )
    : undefined
}
${below}`;
}

/** Gives what the choice of versions is made from. */
export function versionsOn({
  root,
  registry,
  entry,
  versions,
  chosen,
  other,
}: PageHead): VersionBar {
  const hrefOf = (version: string) => `${root}${entryPath(registry, entry, version)}`;
  return { versions, chosen, other, hrefOf };
}
