import type { YamlNode } from "../yaml-node.ts";
import { readDevfileRoot } from "./devfile-root.ts";
import {
  formatYamlPath,
  insertKey,
  replaceNode,
  replaceScalar,
  type YamlEdit,
  type YamlPath,
} from "./edit.ts";
import type { OfflineDevfile, OfflinePlan, OfflineStep } from "./offline-plan.ts";
import { offlineStarter } from "./offline-starter.ts";
import { keepOrigin, ORIGIN_ATTRIBUTE, type Origin, readOrigin } from "./origin.ts";
import { registryParent } from "./registry-parent.ts";
import { rewriteYaml } from "./rewrite-yaml.ts";
import { findStarterPlaces } from "./starters.ts";

/**
 * Lets a devfile point at what an offline build has: starter projects become zips at the registry,
 * the icon and parents get addresses of the registry. What was there is kept in attributes, of the
 * starter project or of metadata, so that doing it again changes nothing and the addresses can be
 * made for another public URL. All other characters stay.
 *
 * @throws {DevregError} INPUT_INVALID when it is no devfile, or cannot be rewritten
 */
export function offlineDevfile(
  text: string,
  plan: OfflinePlan,
  file = "devfile.yaml",
): OfflineDevfile {
  const root = readDevfileRoot(file, text);
  const steps = [
    ...findStarterPlaces(root).map((place) => offlineStarter(place, plan)),
    offlineIcon(root, plan),
    ...(plan.parents ?? []).map((parent) => registryParent(root, parent, plan.publicUrl)),
  ];
  const edits = [...steps.flatMap((step) => step.edits), ...keepInMetadata(root, steps)];
  return {
    text: rewriteYaml(text, edits),
    changes: steps.flatMap(({ changes }) => changes),
    left: steps.flatMap(({ left }) => left),
  };
}

const ICON: YamlPath = ["metadata", "icon"];

function offlineIcon(root: YamlNode, { icon: address }: OfflinePlan): OfflineStep {
  const metadata = root.get("metadata");
  const icon = metadata.get("icon").text();
  const path = formatYamlPath(ICON);
  if (icon === undefined) return { edits: [], changes: [], left: [] };
  if (address === undefined) {
    const isOutside = /^https?:/i.test(icon);
    const left = { kind: "icon" as const, path, reason: "the build has no icon for it" };
    return { edits: [], changes: [], left: isOutside ? [left] : [] };
  }
  const origin = readOrigin(metadata)?.[path] ?? icon;
  return {
    edits: [replaceScalar(ICON, address)],
    changes: [{ kind: "icon", path, origin, address, restOnly: false }],
    left: [],
    origin: { [path]: origin },
  };
}

/** What was kept first is the original; nothing is kept twice. */
function keepInMetadata(root: YamlNode, steps: readonly OfflineStep[]): readonly YamlEdit[] {
  const fresh: Origin = Object.assign({}, ...steps.map(({ origin }) => origin ?? {}));
  if (Object.keys(fresh).length === 0) return [];
  const metadata = root.get("metadata");
  if (!metadata.present) return keepInNewMetadata(root, fresh);
  const kept = readOrigin(metadata);
  const before = metadata.get("icon").present ? "icon" : undefined;
  return keepOrigin(metadata, ["metadata"], { ...fresh, ...kept }, before);
}

/** Metadata is not there, or null. */
function keepInNewMetadata(root: YamlNode, origin: Origin): readonly YamlEdit[] {
  const value = { attributes: { [ORIGIN_ATTRIBUTE]: JSON.stringify(origin) } };
  const hasKey = root.entries().some(([key]) => key === "metadata");
  const before = root.get("parent").present ? "parent" : undefined;
  return [hasKey ? replaceNode(["metadata"], value) : insertKey(["metadata"], value, before)];
}
