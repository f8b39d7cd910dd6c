/**
 * A client with the rules of the strictest ones, as a program, so that it can run in a network of
 * its own: `bun strict-client.ts REGISTRY_URL`. It follows every address of the index and of all
 * devfiles and prints what it got as JSON.
 *
 * odo takes http, https and file only. DevWorkspace Operator and VS Code GET an address as it
 * stands, follow no redirect and want exactly 200. The devfile library asks a registry for a parent
 * at <registryUrl>/devfiles/<id>/<version>.
 */
import { createHash } from "node:crypto";
import { parse } from "yaml";
import { filesOfArchive, type NamedImage, type NamingFile, namedImages } from "./named-images.ts";
import { outNoRoutes } from "./out-no-routes.ts";

/** One address that was followed. */
export interface Followed {
  readonly kind: "devfile" | "starter" | "endpoint" | "parent" | "icon" | "sample" | "document";
  /** Where it was found: "go 2.0.0 starterProjects[0]". */
  readonly from: string;
  readonly url: string;
  readonly status: number;
  readonly sha256: string;
  /** Base64, of archives. */
  readonly content?: string;
}

/** What a run of the client gives. */
export interface FollowedAll {
  readonly followed: readonly Followed[];
  /** Images that have to be pulled. */
  readonly images: readonly NamedImage[];
  /** Packets that found no way out while it ran, by all programs of its network. */
  readonly outNoRoutes: number;
}

interface Version {
  version?: string;
  icon?: string;
  git?: object;
}
interface Entry extends Version {
  name: string;
  type: string;
  versions?: Version[];
}
interface Component {
  name?: string;
  kubernetes?: { uri?: string };
  openshift?: { uri?: string };
  image?: { dockerfile?: { uri?: string } };
}
interface Project {
  name: string;
  git?: object;
  zip?: { location?: string };
}
interface Layer {
  digest: string;
  annotations: Record<string, string>;
}
interface Devfile {
  metadata: Record<string, unknown> & { icon?: string; attributes?: Record<string, unknown> };
  attributes?: Record<string, unknown>;
  components?: Component[];
  parent?: { id?: string; uri?: string; registryUrl?: string; version?: string };
  starterProjects?: Project[];
  projects?: Project[];
}

const registry = process.argv[2] ?? "";
const followed: Followed[] = [];
const images: NamedImage[] = [];

async function get(kind: Followed["kind"], from: string, url: string, wanted = 200) {
  if (!/^https?:\/\//.test(url)) throw new Error(`${from}: "${url}" is no http or https address`);
  const response = await fetch(url, { redirect: "manual" });
  const bytes = Buffer.from(await response.arrayBuffer());
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (response.status !== wanted) throw new Error(`${from}: ${url} answered ${response.status}`);
  const archive = ["starter", "endpoint", "sample"].includes(kind);
  const content = archive ? { content: bytes.toString("base64") } : {};
  followed.push({ kind, from, url, status: response.status, sha256, ...content });
  return bytes;
}

async function followIcon(from: string, icon: string | undefined): Promise<void> {
  if (icon === undefined || icon === "" || icon.startsWith("data:image/")) return;
  await get("icon", from, icon);
}

async function followDevfile(from: string, devfile: Devfile, url: string): Promise<void> {
  await followIcon(from, devfile.metadata.icon);
  const { parent } = devfile;
  if (parent !== undefined) {
    const version = parent.version === undefined ? "" : `/${parent.version}`;
    const address = parent.uri ?? `${parent.registryUrl}/devfiles/${parent.id}${version}`;
    await get("parent", from, address);
  }
  for (const { name, git, zip } of devfile.starterProjects ?? []) {
    if (git !== undefined) throw new Error(`${from}: ${name} is still in git`);
    await get("starter", `${from} ${name}`, zip?.location ?? "");
    await get("endpoint", `${from} ${name}`, `${url}/starter-projects/${name}`, 202);
  }
  for (const { name, git, zip } of devfile.projects ?? []) {
    if (git !== undefined) throw new Error(`${from}: ${name} is still in git`);
    await get("starter", `${from} ${name}`, zip?.location ?? "");
  }
}

/** Attributes hold addresses; components name files beside the devfile, or addresses. */
async function followDocuments(from: string, devfile: Devfile, url: string, isSample: boolean) {
  for (const holder of [devfile.attributes, devfile.metadata, devfile.metadata.attributes]) {
    for (const name of ["alpha.build-dockerfile", "alpha.deployment-manifest"]) {
      const address = holder?.[name];
      if (address !== undefined) await get("document", `${from} ${name}`, String(address));
    }
  }
  for (const { name, kubernetes, openshift, image } of devfile.components ?? []) {
    for (const uri of [kubernetes?.uri, openshift?.uri, image?.dockerfile?.uri]) {
      if (uri === undefined || uri.startsWith("file:")) continue;
      if (/^https?:/.test(uri)) await get("document", `${from} ${name}`, uri);
      else if (uri.startsWith("documents/")) {
        const bytes = isSample
          ? await get("document", `${from} ${name}`, `${url}/${uri}`)
          : await archived(from, url, uri);
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        if (!uri.includes(sha256)) throw new Error(`${from}: ${uri} has other content`);
      }
    }
  }
}

/** Takes a file out of the archive of a stack, as the registry library unpacks it. */
async function archived(from: string, url: string, path: string): Promise<Buffer> {
  const archive = await get("document", from, `${url}/archive.tar`);
  const tar = Bun.spawnSync(["tar", "-xzOf", "-", `./${path}`], { stdin: archive });
  if (!tar.success) throw new Error(`${from}: the archive lacks ${path}`);
  return tar.stdout;
}

/** Gets what else a stack version has, from where clients pull it. */
async function filesOf({ name, type }: Entry, { version }: Version): Promise<NamingFile[]> {
  if (type === "sample") return [];
  const catalog = `${registry}/v2/devfile-catalog/${name}`;
  const manifest = await (await fetch(`${catalog}/manifests/${version}`)).text();
  const { layers }: { layers: Layer[] } = JSON.parse(manifest);
  const archive = layers.find(
    ({ annotations }) => annotations["org.opencontainers.image.title"] === "archive.tar",
  );
  if (archive === undefined) return [];
  return filesOfArchive(await (await fetch(`${catalog}/blobs/${archive.digest}`)).bytes());
}

const answer = await fetch(`${registry}/v2index/all`);
const index: Entry[] = JSON.parse(await answer.text());
for (const entry of index) {
  await followIcon(entry.name, entry.icon);
  for (const version of entry.versions ?? [entry]) {
    const path = version.version === undefined ? "" : `/${version.version}`;
    const from = `${entry.name}${path}`;
    await followIcon(from, version.icon);
    const url = `${registry}/devfiles/${entry.name}${path}`;
    const bytes = await get("devfile", from, url);
    const devfile: Devfile = parse(bytes.toString());
    await followDevfile(from, devfile, url);
    await followDocuments(from, devfile, url, entry.type === "sample");
    images.push(...namedImages(from, bytes.toString(), await filesOf(entry, version)));
    if (entry.type !== "sample") continue;
    await get("sample", from, `${registry}/samples/${entry.name}${path}/${entry.name}-offline.zip`);
  }
}
process.stdout.write(JSON.stringify({ followed, images, outNoRoutes: outNoRoutes() }));
