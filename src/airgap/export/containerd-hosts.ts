import type { ExportContext, Exported, ExportedFile, MirroredRepository } from "./exported.ts";

const FOLDER = "containerd/certs.d";

/**
 * Writes a hosts.toml for each host that images come from. containerd replaces hosts, not
 * repositories: what stands before a repository's own name must be the same for all of a host.
 * What that leaves out is a note, and stands in the host's file.
 *
 * Spec: containerd, docs/hosts.md.
 */
export function exportContainerdHosts({ mirrors, insecure }: ExportContext): Exported {
  const hosts = Map.groupBy(mirrors, ({ source }) => source.slice(0, source.indexOf("/")));
  const written = [...hosts].map(([host, group]) => exportHost(host, group, insecure));
  return {
    files: written.flatMap(({ files }) => files),
    notes: written.flatMap(({ notes }) => notes),
  };
}

function exportHost(
  host: string,
  group: readonly MirroredRepository[],
  insecure: boolean,
): Exported {
  const rooted = Map.groupBy(group, rootOf);
  const [root] = [...rooted]
    .flatMap(([path, members]) => (path === undefined ? [] : [{ path, size: members.length }]))
    .sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1));
  const apart = group.filter(
    (repository) => root === undefined || rootOf(repository) !== root.path,
  );
  const notes = apart.map(
    ({ source, mirror }) =>
      `containerd-hosts: "${source}" cannot be found at "${mirror}": containerd replaces the host and keeps the rest of the name`,
  );
  if (root === undefined) return { files: [], notes };
  return { files: [hostsFile(host, root.path, apart, insecure)], notes };
}

/** What stands before the repository's own name: "registry:5000/mirror/quay.io". */
function rootOf({ source, mirror }: MirroredRepository): string | undefined {
  const repository = source.slice(source.indexOf("/"));
  return mirror.endsWith(repository) ? mirror.slice(0, -repository.length) : undefined;
}

function hostsFile(
  host: string,
  root: string,
  apart: readonly MirroredRepository[],
  insecure: boolean,
): ExportedFile {
  const [registry = "", ...path] = root.split("/");
  const url = `${insecure ? "http" : "https"}://${[registry, "v2", ...path].join("/")}`;
  const lines = [
    "# Only needed where devfiles keep the names that images had: --rewrite none.",
    `# Put it at /etc/${FOLDER}/${host}/hosts.toml; config_path of containerd must name the folder.`,
    `# All images of ${host} are asked for here first; what is not here is looked for at ${host}.`,
    ...apart.map(
      ({ source, mirror }) => `# Not found so, name it in devfiles: ${source} is ${mirror}`,
    ),
    "",
    `[host.${JSON.stringify(url)}]`,
    '  capabilities = ["pull", "resolve"]',
    "  # The path above is the whole one; without this containerd would put /v2 behind it.",
    "  override_path = true",
  ];
  return { name: `${FOLDER}/${host}/hosts.toml`, text: `${lines.join("\n")}\n` };
}
