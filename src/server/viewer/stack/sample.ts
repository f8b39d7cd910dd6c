import type { IndexEntry } from "../../../generator/index.ts";
import { facts } from "../components.ts";
import { cut } from "../cut.ts";
import { type Html, html } from "../html.ts";
import type { ShownVersion } from "./find-entry.ts";
import { addressLink } from "./starters.ts";

const REMOTES_SHOWN = 20;

/** Shows where the project of a sample is. */
export function sampleSource(entry: IndexEntry, { version }: ShownVersion): Html {
  const git = version?.git ?? entry.git ?? {};
  const remotes = Object.entries(git.remotes ?? {}).slice(0, REMOTES_SHOWN);
  const code = (text: string | undefined) => text && html`<code>${cut(text)}</code>`;
  return html`<div class="panel">${facts([
    ...remotes.map(
      ([name, address]) =>
        [remotes.length > 1 ? `Git remote ${cut(name)}` : "Git", addressLink(address)] as const,
    ),
    ["Git", git.url === undefined ? undefined : addressLink(git.url)],
    ["Revision", code(git.revision)],
    ["Folder", code(git.subDir)],
  ])}</div>`;
}
