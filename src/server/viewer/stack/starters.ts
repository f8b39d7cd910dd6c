import { SHOWN_ROWS } from "../../../viewer-limits.ts";
import { buttonLink, externalLink, facts } from "../components.ts";
import { cut } from "../cut.ts";
import { entryPath } from "../entry-link.ts";
import { type Html, type HtmlValue, html, webAddress } from "../html.ts";
import { starterPath } from "./addresses.ts";
import type { DevfileProject } from "./devfile-model.ts";
import type { OpenedVersion } from "./open-version.ts";
import type { PageHead } from "./stack-head.ts";
import type { StarterOrigin } from "./starter-origins.ts";

/** Shows the starter projects of one version, each with where it is from and its download. */
export function starterList(
  { root, registry, entry, chosen }: Pick<PageHead, "root" | "registry" | "entry" | "chosen">,
  { model, origins }: Pick<OpenedVersion, "model" | "origins">,
): Html {
  const starters = model?.starters ?? [];
  const shown = starters.filter(({ name }) => name !== "").slice(0, SHOWN_ROWS);
  return html`<ul class="starters">${shown.map(
    (starter) => html`<li class="panel starter"><div>
<h3>${cut(starter.name)}</h3>
${starter.description === "" ? undefined : html`<p>${cut(starter.description)}</p>`}
${originOf(origins.get(starter.name), root, registry)}
${sourceOf(starter)}</div>
${buttonLink({
  text: "Download",
  href: `${root}${starterPath(entry, chosen.name, starter.name)}`,
  icon: "download",
  file: true,
})}</li>`,
  )}</ul>`;
}

/** Tells of which parent a project is that the devfile does not have itself. */
function originOf(
  origin: StarterOrigin | undefined,
  root: string,
  registry: string,
): Html | undefined {
  if (origin === undefined) return undefined;
  const { name, version, entry } = origin;
  const title = cut(version === "" ? name : `${name} ${version}`);
  const path = entry && entryPath(registry, entry, version === "" ? undefined : version);
  return html`<p class="soft">from parent ${path === undefined ? title : html`<a href="${root}${path}">${title}</a>`}</p>`;
}

/** Tells where a project comes from: git with revision, or a zip, and the folder in it. */
export function sourceOf({ remotes, revision, subDir, zip }: DevfileProject): Html {
  const shown = remotes.slice(0, SHOWN_ROWS);
  return facts([
    ...shown.map(([name, address]) => [gitName(name, shown.length), addressLink(address)] as const),
    ["Revision", revision === "" ? undefined : html`<code>${cut(revision)}</code>`],
    ["Zip", zip === "" ? undefined : addressLink(zip)],
    ["Folder", subDir === "" ? undefined : html`<code>${cut(subDir)}</code>`],
  ]);
}

/** Links to an address of the web; anything else is only shown. */
export function addressLink(address: string): HtmlValue {
  const href = webAddress(address);
  const text = cut(address);
  return href === undefined ? html`<code>${text}</code>` : externalLink({ text, href });
}

function gitName(name: string, count: number): string {
  return count > 1 ? `Git remote ${cut(name)}` : "Git";
}
