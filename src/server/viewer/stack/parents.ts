import { PARENTS_SHOWN } from "../../../viewer-limits.ts";
import type { PreparedGeneration } from "../../served.ts";
import { cut } from "../cut.ts";
import { entryPath } from "../entry-link.ts";
import { type Html, html } from "../html.ts";
import { type DevfileModel, type Fields, mapAt, textAt } from "./devfile-model.ts";
import { chooseVersion, findEntry, versionsOf } from "./find-entry.ts";
import { openVersion } from "./open-version.ts";

/** One parent, as far as it can be told. */
export interface Parent {
  readonly name: string;
  readonly version: string;
  /** Where it is said to be; "" where nothing is said. */
  readonly place: string;
  /** Its page below the site, where this registry has it. */
  readonly path: string | undefined;
}

/** Follows the parents of a devfile as far as this registry has them, the nearest first. */
export async function parentsOf(
  generation: PreparedGeneration,
  registry: string,
  model: DevfileModel,
): Promise<readonly Parent[]> {
  const parents: Parent[] = [];
  const seen = new Set<string>();
  let next = model.parent;
  while (next !== undefined && parents.length < PARENTS_SHOWN) {
    const { parent, above } = await followParent(generation, registry, next);
    const name = JSON.stringify([parent.name, parent.version]);
    // Parents that name each other are told at generating; here each is shown once.
    if (seen.has(name)) break;
    seen.add(name);
    parents.push(parent);
    next = above;
  }
  return parents;
}

/** Shows the chain of parents. */
export function parentList(root: string, parents: readonly Parent[]): Html {
  return html`<ol class="parents">${parents.map(({ name, version, place, path }) => {
    const title = `${cut(name)}${version === "" ? "" : ` ${cut(version)}`}`;
    return html`<li>${path === undefined ? title : html`<a href="${root}${path}">${title}</a>`}${
      place === "" ? undefined : html` <span class="soft">from ${cut(place)}</span>`
    }</li>`;
  })}</ol>`;
}

async function followParent(
  generation: PreparedGeneration,
  registry: string,
  parent: Fields,
): Promise<{ readonly parent: Parent; readonly above: Fields | undefined }> {
  const [id, wanted] = [textAt(parent, "id"), textAt(parent, "version")];
  const place = textAt(parent, "registryUrl") || textAt(parent, "uri");
  const name = id || textAt(mapAt(parent, "kubernetes"), "name") || "a devfile";
  const entry = id === "" ? undefined : findEntry(generation.build, id);
  const version = entry && chooseVersion(versionsOf(entry), wanted);
  if (entry === undefined || version === undefined || entry.name !== id) {
    return { parent: { name, version: wanted, place, path: undefined }, above: undefined };
  }
  const path = entryPath(registry, entry, wanted === "" ? undefined : version.name);
  const { model } = await openVersion(generation, entry, version);
  return { parent: { name, version: wanted || version.name, place, path }, above: model?.parent };
}
