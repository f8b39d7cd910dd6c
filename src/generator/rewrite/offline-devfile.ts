import type { YamlNode } from "../yaml/index.ts";
import { readDevfileRoot } from "./devfile-root.ts";
import { formatYamlPath, replaceScalar, type YamlPath } from "./edit.ts";
import { offlineDocuments } from "./offline-documents.ts";
import { keepInMetadata } from "./offline-origin.ts";
import type { OfflineDevfile, OfflinePlan, OfflineStep } from "./offline-plan.ts";
import { offlineStarter } from "./offline-starter.ts";
import { type Origin, readOrigin } from "./origin.ts";
import { registryParent } from "./registry-parent.ts";
import { rewriteYaml } from "./rewrite-yaml.ts";
import { findStarterPlaces } from "./starters.ts";

/**
 * Lets a devfile point at what an offline build has: starter projects become zips at the registry,
 * the icon, parents and documents get addresses of the registry. What was there is kept in attributes, of the
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
    ...offlineDocuments(root, plan),
  ];
  const fresh: Origin = Object.assign({}, ...steps.map(({ origin }) => origin ?? {}));
  const kept = readOrigin(root.get("metadata")) ?? {};
  const edits = [
    ...steps.flatMap((step) => step.edits),
    // What was kept first is the original; nothing is kept twice.
    ...keepInMetadata(root, { ...fresh, ...kept }),
  ];
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
