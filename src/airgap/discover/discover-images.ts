import { eachBounded } from "../../concurrent.ts";
import { type Build, compareBytewise, sortFindings } from "../../generator/index.ts";
import { SOURCE_CONCURRENCY } from "../../limits.ts";
import { formatImage } from "../../oci-client/index.ts";
import type { ImageOccurrence } from "../occurrence.ts";
import type { Discovery } from "./discovery.ts";
import { type InspectedPlace, inspectPlace } from "./inspect-place.ts";
import type { MirrorRules } from "./mirror-rules.ts";
import { findPlaces } from "./place.ts";

/** What extra images are named in, whatever the rules were read from. */
const RULES_FILE = "mirror.yaml";

/**
 * Finds every place of a build that names an image: in devfiles, in the manifests and Dockerfiles
 * that they bring. Nothing is skipped: what is not to be pulled is there with the reason, and what
 * could not be looked into is a finding.
 */
export async function discoverImages(build: Build, rules: MirrorRules): Promise<Discovery> {
  const places = await eachBounded(await findPlaces(build), SOURCE_CONCURRENCY, async (place) =>
    discoveryOf(await inspectPlace(build, place, rules)),
  );
  const occurrences = [...places.flatMap((each) => each.occurrences), ...extraImages(rules)];
  return {
    occurrences: distinct(occurrences.sort(compareOccurrences)),
    findings: sortFindings(places.flatMap(({ findings }) => findings)),
  };
}

function discoveryOf({ devfiles, files, findings }: InspectedPlace): Discovery {
  const all = [...devfiles, ...files];
  return {
    occurrences: all.flatMap(({ images }) => images.map(({ occurrence }) => occurrence)),
    findings: [...findings, ...all.flatMap((file) => file.findings)],
  };
}

function extraImages({ extraImages: extra }: MirrorRules): readonly ImageOccurrence[] {
  return extra.map(({ image, range }, at) => ({
    file: RULES_FILE,
    pointer: `/extraImages/${at}`,
    range,
    text: image,
    kind: "extra",
    class: "pull",
    reason: "the rules ask for it",
    image: formatImage(image),
  }));
}

function compareOccurrences(a: ImageOccurrence, b: ImageOccurrence): number {
  return (
    compareBytewise(a.file, b.file) ||
    a.range[0] - b.range[0] ||
    a.range[1] - b.range[1] ||
    compareBytewise(a.pointer, b.pointer) ||
    compareBytewise(a.class, b.class) ||
    compareBytewise(a.image ?? "", b.image ?? "")
  );
}

/** A document that several devfiles name is listed once for each meaning that it has for them. */
function distinct(sorted: readonly ImageOccurrence[]): readonly ImageOccurrence[] {
  return sorted.filter((occurrence, index) => {
    const before = sorted[index - 1];
    return before === undefined || compareOccurrences(before, occurrence) !== 0;
  });
}
