import { formatYamlPath, removeKey, replacePair, replaceScalar, type YamlEdit } from "./edit.ts";
import { starterAddress } from "./offline-address.ts";
import type { OfflinePlan, OfflineStep } from "./offline-plan.ts";
import { keepOrigin } from "./origin.ts";
import { type StarterPlace, starterOrigin } from "./starters.ts";

/** Turns a starter project into a zip at the registry, if the build has it. */
export function offlineStarter(place: StarterPlace, plan: OfflinePlan): OfflineStep {
  const path = formatYamlPath(place.path);
  if (!plan.starters.has(place.name)) {
    const reason = `the build has no zip of "${place.name}"`;
    return { edits: [], changes: [], left: [{ kind: "starter", path, reason }] };
  }
  const address = starterAddress(plan.folder, place.name, plan.publicUrl);
  const origin = place.origin ?? starterOrigin(place);
  const isKept = place.origin !== undefined;
  const change = {
    kind: "starter" as const,
    path: `${path}.zip.location`,
    origin,
    address,
    restOnly: plan.publicUrl === undefined,
  };
  return {
    edits: [
      ...(isKept ? [] : keepOrigin(place.node, place.path, origin, place.sourceKey)),
      sourceEdit(place, address),
      ...(place.node.get("subDir").present ? [removeKey([...place.path, "subDir"])] : []),
    ],
    changes: [change],
    left: [],
  };
}

/** Only the location of a zip changes where there is one. */
function sourceEdit({ path, node, sourceKey }: StarterPlace, location: string): YamlEdit {
  const source = [...path, sourceKey];
  const isZip = sourceKey === "zip" && node.get("zip").get("location").present;
  return isZip
    ? replaceScalar([...source, "location"], location)
    : replacePair(source, "zip", { location });
}
