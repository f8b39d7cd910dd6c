import type { ExportContext, Exported, MirroredRepository } from "./exported.ts";

/**
 * Writes a file for /etc/containers/registries.conf.d: where podman, buildah, skopeo and CRI-O pull.
 *
 * Spec: containers-registries.conf(5), version 2.
 */
export function exportRegistriesConf({ mirrors, name, insecure }: ExportContext): Exported {
  if (mirrors.length === 0) return { files: [], notes: ["registries-conf: there are no images"] };
  const lines = [
    "# Only needed where devfiles keep the names that images had: --rewrite none.",
    `# Put it at /etc/containers/registries.conf.d/${name}.conf`,
    ...mirrors.flatMap((repository) => registryOf(repository, insecure)),
  ];
  return { files: [{ name: `registries.conf.d/${name}.conf`, text: text(lines) }], notes: [] };
}

function registryOf(repository: MirroredRepository, insecure: boolean): readonly string[] {
  const pull = pullBy(repository);
  // JSON strings of names are TOML strings.
  return [
    "",
    "[[registry]]",
    `prefix = ${JSON.stringify(repository.source)}`,
    `location = ${JSON.stringify(repository.source)}`,
    "",
    "[[registry.mirror]]",
    `location = ${JSON.stringify(repository.mirror)}`,
    ...(insecure ? ["insecure = true"] : []),
    ...(pull === undefined ? [] : [`pull-from-mirror = "${pull}"`]),
  ];
}

/** Without a word of it a mirror is asked for both. */
function pullBy({ byTag, byDigest }: MirroredRepository): string | undefined {
  if (byTag && byDigest) return undefined;
  return byDigest ? "digest-only" : "tag-only";
}

function text(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
