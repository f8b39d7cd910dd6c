import { discoverImages, NO_RULES } from "../../src/airgap/discover/index.ts";
import type { ImageOccurrence, OccurrenceKind } from "../../src/airgap/occurrence.ts";
import { generateFolder } from "../../test/support/registry-repository.ts";

/** What is known of the images of the shared registry repository. */
const KNOWN = {
  containers: 101,
  references: 40,
  digests: 5,
  floating: 5,
  templated: 4,
  short: 1,
  untagged: 1,
  manifests: 14,
  bases: 10,
  basesByArgument: 2,
};

/**
 * Finds the images of the shared registry repository and compares them with what is known of them.
 *
 * @throws {Error} when one figure differs
 */
export async function acceptDiscovery(repository: string): Promise<string> {
  const { build } = await generateFolder(repository);
  if (build === undefined) throw new Error("the repository gives no build");
  const { occurrences, findings } = await discoverImages(build, NO_RULES);
  const counts = countImages(occurrences);
  for (const [name, known] of Object.entries(KNOWN)) {
    const found = counts[name as keyof typeof KNOWN];
    if (found !== known) throw new Error(`${found} ${name}, not ${known}`);
  }
  const kubedock = occurrences.find(({ text }) => text === "quay.io/agiertli/kubedock:0.13.0");
  if (kubedock?.kind !== "possible") throw new Error("the argument of kaoto is not possible");
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return JSON.stringify({ ...counts, findings: findings.length });
}

function countImages(all: readonly ImageOccurrence[]): typeof KNOWN {
  const of = (kind: OccurrenceKind) => all.filter((each) => each.kind === kind);
  const containers = of("container");
  const pulled = [...new Set(containers.filter(isPulled).map(({ text }) => text))];
  const matching = (pattern: RegExp) => pulled.filter((text) => pattern.test(text)).length;
  const bases = [
    ...new Set(
      of("dockerfile")
        .filter(isPulled)
        .map(({ text }) => text),
    ),
  ];
  const manifests = of("kubernetes");
  if (manifests.some(isPulled)) throw new Error("a manifest names an image to pull");
  return {
    containers: containers.length,
    references: pulled.length,
    digests: matching(/@sha256:/),
    floating: matching(/:[^/]*latest/),
    templated: matching(/\{\{/),
    short: matching(/^[^./:]+(\/|$)/),
    untagged: matching(/^(?!.*@)[^:]*$/),
    manifests: manifests.length,
    bases: bases.filter((text) => !text.includes("$")).length,
    basesByArgument: bases.filter((text) => text.includes("$")).length,
  };
}

function isPulled(occurrence: ImageOccurrence): boolean {
  return occurrence.class === "pull";
}
