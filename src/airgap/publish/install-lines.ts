import { IMAGE_REPOSITORY } from "../bundle/bundle-format.ts";
import { shellWord } from "../shell-word.ts";

/** An offline registry image at its place. */
export interface InstalledImage {
  /** "registry.internal:5000/mirror" */
  readonly at: string;
  /** The tag of this content, where it has one of its own; else "latest". */
  readonly tag: string;
  /** Where users will reach the registry. */
  readonly publicUrl?: string | undefined;
}

/** Gives the lines that install the offline registry image in a cluster, or update it there. */
export function installLines({ at, tag, publicUrl }: InstalledImage): readonly string[] {
  const image = `${at}/${IMAGE_REPOSITORY}`;
  const name = "devfile-registry";
  const env =
    publicUrl === undefined
      ? []
      : [`kubectl set env deployment/${name} ${shellWord(`DEVREG_PUBLIC_URL=${publicUrl}`)}`];
  return [
    "install with kubectl:",
    `  kubectl create deployment ${name} --image=${image}:${tag} --port=8080`,
    ...env.map((line) => `  ${line}`),
    `  kubectl expose deployment ${name} --port=8080`,
    "update with kubectl:",
    `  kubectl set image deployment/${name} '*=${image}:${tag}'`,
    "install or update with the chart of devfile/registry-support:",
    `  helm upgrade --install ${name} deploy/chart/devfile-registry --set devfileIndex.image=${image} --set devfileIndex.tag=${tag}`,
  ];
}
