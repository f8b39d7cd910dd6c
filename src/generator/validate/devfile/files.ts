import { posix } from "node:path";
import { DEVFILES } from "../../devfile-yaml.ts";
import type { StackVersion } from "../../repository.ts";
import type { Issue, Rule } from "../rule.ts";
import { type Component, readComponent } from "./component.ts";
import { childOf, has, itemsOf, textAt } from "./placed-text.ts";
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
    for (const node of itemsOf(childOf(devfile.contents.node, "components"))) {
      if (!has(node, "kubernetes") && !has(node, "openshift")) continue;
      const issue = checkManifest(readComponent(node), folder, files);
      if (issue !== undefined) yield issue;
    }
  },
};

/** Rules on the files that lie beside the devfile of a stack version. */
export const besideRules: readonly Rule<StackVersion>[] = [manifests];

function checkManifest(
  { kind, body }: Component,
  folder: string,
  files: StackVersion["files"],
): Issue | undefined {
  if (kind !== "kubernetes" && kind !== "openshift") return undefined;
  const uri = textAt(childOf(body, "uri"));
  if (uri === undefined || uri.text === "") return undefined;
  if (uri.text.includes("{{") || ADDRESS.test(uri.text)) return undefined;
  // That it is no uri at all is for another rule to say.
  if (uriFault(uri.text) !== undefined) return undefined;
  const wanted = posix.join(folder, uri.text);
  if (files.some(({ path }) => path === wanted)) return undefined;
  return {
    severity: "warning",
    at: uri.node.position(),
    message: wanted.startsWith(`${folder}/`)
      ? `there is no file "${uri.text}" beside the devfile`
      : `"${uri.text}" lies outside of the folder of ${DEVFILES[0]}`,
    hint: "Add the file to the folder of the devfile, or name its address",
  };
}
