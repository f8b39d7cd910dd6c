import { posix } from "node:path";
import { DEVFILES } from "../../devfile-yaml.ts";
import type { StackVersion } from "../../repository.ts";
import type { Issue, Rule } from "../rule.ts";
import { type Component, readComponent } from "./component.ts";
import { childOf, itemsOf, textAt } from "./placed-text.ts";
import { uriFault } from "./uri.ts";

const ADDRESS = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Parity: the index generator has the library leave manifests alone
 * (ConvertKubernetesContentInUri is false), so a missing one is found only by who deploys it.
 */
const manifests: Rule<StackVersion> = {
  name: "manifest-missing",
  *check({ devfile, files, folder }) {
    if (devfile?.contents === undefined) return;
    const paths = new Set(files.map(({ path }) => path));
    for (const component of itemsOf(childOf(devfile.contents.node, "components")).map(
      readComponent,
    )) {
      yield* checkManifest(component, folder, paths);
    }
  },
};

/** Rules on the files that lie beside the devfile of a stack version. */
export const besideRules: readonly Rule<StackVersion>[] = [manifests];

function* checkManifest(
  { kind, body }: Component,
  folder: string,
  paths: ReadonlySet<string>,
): Iterable<Issue> {
  if (kind !== "kubernetes" && kind !== "openshift") return;
  const uri = textAt(childOf(body, "uri"));
  if (uri === undefined || uri.text === "") return;
  if (uri.text.includes("{{") || ADDRESS.test(uri.text)) return;
  // That it is no uri at all is for another rule to say.
  if (uriFault(uri.text) !== undefined) return;
  const path = posix.join(folder, uri.text);
  if (paths.has(path)) return;
  yield {
    severity: "warning",
    at: uri.node.position(),
    message: path.startsWith(`${folder}/`)
      ? `there is no file "${uri.text}" beside the devfile`
      : `"${uri.text}" lies outside of the folder of ${DEVFILES[0]}`,
    hint: "Add the file to the folder of the devfile, or name its address",
  };
}
