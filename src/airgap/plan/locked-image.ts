import { compareBytewise } from "../../generator/index.ts";
import type { ImageGraph } from "../../oci-client/index.ts";
import type { LockedImage, LockedReferrer } from "../lock.ts";
import type { ImageOccurrence } from "../occurrence.ts";

/** Records an image and what has to be moved for it; the same content gives the same record. */
export function lockedImage(
  image: string,
  graph: ImageGraph,
  occurrences: readonly ImageOccurrence[],
): LockedImage {
  const { digest, mediaType, size } = graph.source;
  return {
    image,
    digest,
    mediaType,
    size,
    mirrored: graph.root.digest,
    bytes: graph.bytes,
    platforms: sorted(Object.entries(graph.platforms)),
    referrers: lockedReferrers(graph),
    signatureTags: sorted(
      Object.entries(graph.signatureTags).map(([tag, target]) => [tag, target.digest] as const),
    ),
    leftOut: [...graph.leftOut].sort(compareBytewise),
    occurrences,
  };
}

function lockedReferrers({ referrers }: ImageGraph): readonly LockedReferrer[] {
  return referrers
    .map(({ subject, descriptor: { digest, artifactType } }) => ({
      digest,
      subject,
      ...(artifactType === undefined ? {} : { artifactType }),
    }))
    .sort((a, b) => compareBytewise(a.digest, b.digest) || compareBytewise(a.subject, b.subject));
}

function sorted<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareBytewise(a, b)));
}
