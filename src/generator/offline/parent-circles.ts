import { DevregError } from "../../errors.ts";
import type { OfflinePlace } from "./place.ts";

/**
 * Finds the devfiles whose parents at the registry lead back to themselves: no client can use them.
 * What only leads into a circle is left out with the devfile that it needs.
 *
 * @param brought the places that the parents of each lead to
 */
export function findCircles(
  brought: ReadonlyMap<OfflinePlace, { readonly needs: readonly OfflinePlace[] }>,
): ReadonlyMap<OfflinePlace, DevregError> {
  const needsOf = (place: OfflinePlace) => brought.get(place)?.needs ?? [];
  const circles = new Map<OfflinePlace, DevregError>();
  for (const place of brought.keys()) {
    const way = wayBack(place, needsOf);
    if (way !== undefined) circles.set(place, circleError(place, way));
  }
  return circles;
}

/** Gives the places on a shortest way from a place to itself, without it. */
function wayBack(
  start: OfflinePlace,
  needsOf: (place: OfflinePlace) => readonly OfflinePlace[],
): readonly OfflinePlace[] | undefined {
  const cameFrom = new Map<OfflinePlace, OfflinePlace | undefined>();
  for (const place of needsOf(start)) cameFrom.set(place, undefined);
  // A map takes what is added while it is gone through.
  for (const place of cameFrom.keys()) {
    if (place === start) return pathTo(start, cameFrom);
    for (const next of needsOf(place)) if (!cameFrom.has(next)) cameFrom.set(next, place);
  }
  return undefined;
}

function pathTo(
  end: OfflinePlace,
  cameFrom: ReadonlyMap<OfflinePlace, OfflinePlace | undefined>,
): readonly OfflinePlace[] {
  const path: OfflinePlace[] = [];
  for (let at = cameFrom.get(end); at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}

function circleError(place: OfflinePlace, way: readonly OfflinePlace[]): DevregError {
  const names = [place, ...way, place].map(({ devfile, folder }) => devfile?.file ?? folder);
  return new DevregError(
    "INPUT_INVALID",
    `Cannot resolve the parents of "${names[0]}": they lead in a circle: ${names.join(" → ")}`,
    { hint: "Take the parent out of one of them" },
  );
}
