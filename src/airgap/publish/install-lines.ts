import { LATEST_TAG } from "../../generator/index.ts";
import { IMAGE_REPOSITORY } from "../bundle/bundle-format.ts";
import type { MirrorItem } from "../mirror-report.ts";
import { shellWord } from "../shell-word.ts";

/** An offline registry image at its place. */
export interface InstalledImage {
  /** "registry.internal:5000/mirror" */
  readonly at: string;
  /** The tag of this content, where it has one of its own; else "latest". */
  readonly tag: string;
  /** Where users will reach the registry. */
  readonly publicUrl?: string | undefined;
  /** What was mirrored: the chart needs images beside the offline registry image. */
  readonly items: readonly Pick<MirrorItem, "name" | "target" | "state">[];
}

const NAME = "devfile-registry";
/** What the pods of the chart run beside the index, by the chart's name for it. */
const CHART_IMAGES = {
  ociRegistry: "quay.io/devfile/oci-registry",
  registryViewer: "quay.io/devfile/registry-viewer",
};

/** Gives the lines that install the offline registry image in a cluster, or update it there. */
export function installLines(installed: InstalledImage): readonly string[] {
  const { at, tag, publicUrl } = installed;
  const image = `${at}/${IMAGE_REPOSITORY}:${tag}`;
  const env = publicUrl === undefined ? [] : [shellWord(`DEVREG_PUBLIC_URL=${publicUrl}`)];
  return [
    "install with kubectl:",
    `  kubectl create deployment ${NAME} --image=${image} --port=8080`,
    ...env.map((word) => `  kubectl set env deployment/${NAME} ${word}`),
    `  kubectl expose deployment ${NAME} --port=8080`,
    "update with kubectl:",
    // An image of the same name would change nothing in the cluster.
    tag === LATEST_TAG
      ? `  kubectl rollout restart deployment/${NAME}`
      : `  kubectl set image deployment/${NAME} '*=${image}'`,
    ...chartLines(installed),
  ];
}

function chartLines({ at, tag, items }: InstalledImage): readonly string[] {
  const settings = [`devfileIndex.image=${at}/${IMAGE_REPOSITORY}`, `devfileIndex.tag=${tag}`];
  const missing: string[] = [];
  for (const [value, repository] of Object.entries(CHART_IMAGES)) {
    const [, image, imageTag] = /^([^@]+):([^:@/]+)$/.exec(placeOf(repository, items) ?? "") ?? [];
    if (image === undefined) missing.push(repository);
    else settings.push(`${value}.image=${image}`, `${value}.tag=${imageTag}`);
  }
  const words = settings.map((setting) => `--set ${setting}`).join(" ");
  return [
    "install or update with the chart of devfile/registry-support (add your global.* settings):",
    `  helm upgrade --install ${NAME} deploy/chart/devfile-registry ${words}`,
    ...(missing.length === 0
      ? []
      : [
          `  its pods also run ${missing.join(" and ")}, not mirrored: see extraImages of mirror.yaml`,
        ]),
  ];
}

/** Gives where a tagged image of a repository was mirrored to. */
function placeOf(repository: string, items: InstalledImage["items"]): string | undefined {
  return items.find(({ name, state }) => state === "done" && name.startsWith(`${repository}:`))
    ?.target;
}
