import type { ExportContext, Exported, MirroredRepository } from "./exported.ts";

/** Writes an ImageDigestMirrorSet: where OpenShift pulls images that are named by digest. */
export function exportDigestMirrors({ mirrors, name }: ExportContext): Exported {
  return mirrorSet({
    file: "idms.yaml",
    kind: "ImageDigestMirrorSet",
    list: "imageDigestMirrors",
    name,
    mirrors: mirrors.filter(({ byDigest }) => byDigest),
    none: "idms: no image is named by digest",
  });
}

/** Writes an ImageTagMirrorSet: where OpenShift pulls images that are named by tag. */
export function exportTagMirrors({ mirrors, name }: ExportContext): Exported {
  return mirrorSet({
    file: "itms.yaml",
    kind: "ImageTagMirrorSet",
    list: "imageTagMirrors",
    name,
    mirrors: mirrors.filter(({ byTag }) => byTag),
    none: "itms: no image is named by tag",
  });
}

interface MirrorSet {
  readonly file: string;
  readonly kind: string;
  readonly list: string;
  readonly name: string;
  readonly mirrors: readonly MirroredRepository[];
  readonly none: string;
}

function mirrorSet({ file, kind, list, name, mirrors, none }: MirrorSet): Exported {
  if (mirrors.length === 0) return { files: [], notes: [none] };
  const lines = [
    "# Only needed where devfiles keep the names that images had: --rewrite none.",
    "# oc apply -f restarts the nodes one after another.",
    "apiVersion: config.openshift.io/v1",
    `kind: ${kind}`,
    "metadata:",
    `  name: ${JSON.stringify(name)}`,
    "spec:",
    `  ${list}:`,
    ...mirrors.flatMap(({ source, mirror }) => [
      `    - source: ${JSON.stringify(source)}`,
      "      mirrors:",
      `        - ${JSON.stringify(mirror)}`,
    ]),
  ];
  return { files: [{ name: file, text: `${lines.join("\n")}\n` }], notes: [] };
}
