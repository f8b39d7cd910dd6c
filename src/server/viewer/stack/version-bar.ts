import { VERSIONS_SHOWN } from "../../../viewer-limits.ts";
import { cut } from "../cut.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icon.ts";
import type { ShownVersion } from "./find-entry.ts";

/** What the choice of versions is made from. */
export interface VersionBar {
  readonly versions: readonly ShownVersion[];
  readonly chosen: ShownVersion;
  /** The one to compare with unless another is chosen. */
  readonly other: ShownVersion | undefined;
  readonly hrefOf: (version: string) => string;
}

/** Longer names of versions are cut. */
const NAME_CHARS = 60;

/** Lets visitors choose a version, and another one to compare it with. */
export function versionBar(bar: VersionBar): Html | undefined {
  const { versions, chosen } = bar;
  if (chosen.version === undefined) return undefined;
  const at = versions.indexOf(chosen);
  const first = versions.filter((_, place) => place < VERSIONS_SHOWN || place === at);
  const rest = versions.filter((_, place) => place >= VERSIONS_SHOWN && place !== at);
  return html`<div class="versions">
<nav aria-label="Versions"><ul>${first.map((version) => versionLink(bar, version))}</ul>${
    rest.length === 0
      ? undefined
      : html`<details><summary>${rest.length} more</summary><ul>${rest.map((version) =>
          versionLink(bar, version),
        )}</ul></details>`
  }</nav>${versions.length > 1 ? compareForm(bar) : undefined}</div>`;
}

function versionLink({ chosen, hrefOf }: VersionBar, version: ShownVersion): Html {
  const { name, isDefault, isLatest } = version;
  const marks = [isDefault ? "default" : "", isLatest ? "latest" : ""].filter((mark) => mark);
  return html`<li><a class="version" href="${hrefOf(name)}"${
    version === chosen ? html` aria-current="page"` : undefined
  }>${cut(name, NAME_CHARS)}${marks.map((mark) => html` <small>${mark}</small>`)}</a></li>`;
}

function compareForm({ versions, chosen, other }: VersionBar): Html {
  return html`<form class="compare-form" method="get">
<input type="hidden" name="devfile-version" value="${chosen.name}">
<label for="compare">Compare with</label>
<select id="compare" name="compare">${versions
    .filter((version) => version !== chosen)
    .map(
      ({ name }) =>
        html`<option value="${name}"${name === other?.name ? html` selected` : undefined}>${cut(name, NAME_CHARS)}</option>`,
    )}</select>
<button class="button">${icon("compare")}Compare</button></form>`;
}
