/** What a registry has by name: "repository:tag" → digest. */
export type RegistryContent = Readonly<Record<string, string>>;

const ACCEPT = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join();

interface Node {
  config?: { digest: string };
  layers?: { digest: string }[];
  manifests?: { digest: string }[];
}

/**
 * Reads every tag of a registry in repositories whose names begin so, and looks for all that is
 * below.
 *
 * @throws when something is not there that a tag leads to
 */
export async function registryContent(host: string, start = ""): Promise<RegistryContent> {
  const base = `http://${host}/v2/`;
  const { repositories } = await json<{ repositories: string[] }>(`${base}_catalog?n=1000`);
  const content: Record<string, string> = {};
  for (const repository of repositories.filter((name) => name.startsWith(start))) {
    const answer = await fetch(`${base}${repository}/tags/list`);
    if (answer.status === 404) continue;
    const { tags }: { tags: string[] | null } = JSON.parse(await answer.text());
    for (const tag of tags ?? []) {
      content[`${repository}:${tag}`] = await digestBelow(`${base}${repository}`, tag);
    }
  }
  return Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function digestBelow(repository: string, reference: string): Promise<string> {
  const answer = await fetch(`${repository}/manifests/${reference}`, {
    headers: { accept: ACCEPT },
  });
  if (!answer.ok) throw new Error(`${repository} lacks ${reference}`);
  const { config, layers = [], manifests = [] }: Node = JSON.parse(await answer.text());
  for (const { digest } of manifests) await digestBelow(repository, digest);
  for (const { digest } of config === undefined ? layers : [config, ...layers]) {
    const blob = await fetch(`${repository}/blobs/${digest}`, { method: "HEAD" });
    if (!blob.ok) throw new Error(`${repository}:${reference} lacks ${digest}`);
  }
  return answer.headers.get("docker-content-digest") ?? "";
}

async function json<Value>(url: string): Promise<Value> {
  // A registry's own answer, of the form that its interface has.
  return JSON.parse(await (await fetch(url)).text()) as Value;
}
