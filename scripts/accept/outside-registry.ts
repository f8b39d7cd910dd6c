import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { parse } from "yaml";
import { OutsideWorld, type ProjectFiles } from "../../test/support/outside-world.ts";

interface Git {
  remotes?: Record<string, string>;
  revision?: string;
  checkoutFrom?: { remote?: string; revision?: string };
  subDir?: string;
}
interface Starter {
  name: string;
  git?: Git;
  zip?: { location: string };
  subDir?: string;
}
interface Versioned {
  icon?: string;
  git?: Git;
  versions?: Versioned[];
}

interface Documented {
  attributes?: Record<string, string>;
  metadata: Record<string, unknown> & { attributes?: Record<string, string> };
  components?: {
    kubernetes?: { uri?: string };
    openshift?: { uri?: string };
    image?: { dockerfile?: { uri?: string } };
  }[];
}

/** What a registry repository points at. */
export interface Outside {
  readonly world: OutsideWorld;
  readonly counts: {
    readonly devfiles: number;
    readonly starters: number;
    /** Beside the starter projects. */
    readonly projects: number;
    readonly subDirs: number;
    readonly zips: number;
    readonly icons: number;
    readonly parents: number;
    readonly documents: number;
  };
  /** The files of each starter project, by "<path of its devfile> <name>". */
  readonly trees: ReadonlyMap<string, ProjectFiles>;
}

/** Makes content for every address that the devfiles and entries of a registry repository name. */
export async function makeOutside(repository: string, folder: string): Promise<Outside> {
  const world = new OutsideWorld(folder);
  const repositories = new Map<string, Map<string, Set<string>>>();
  const icons = new Set<string>();
  const documents = new Set<string>();
  const zips = new Map<string, Set<string>>();
  const trees = new Map<string, ProjectFiles>();
  const counts = {
    devfiles: 0,
    starters: 0,
    projects: 0,
    subDirs: 0,
    zips: 0,
    icons: 0,
    parents: 0,
    documents: 0,
  };
  const want = (git: Git, subDir = "") => {
    const { remotes = {}, checkoutFrom } = git;
    const url = remotes[checkoutFrom?.remote ?? ""] ?? Object.values(remotes)[0] ?? "";
    const ref = checkoutFrom?.revision ?? git.revision ?? "main";
    const refs = repositories.get(url) ?? new Map<string, Set<string>>();
    repositories.set(url, refs);
    refs.set(ref, (refs.get(ref) ?? new Set()).add(subDir));
    return `${url}#${ref}`;
  };
  const see = (icon: string | undefined) => {
    if (icon !== undefined && /^https?:/.test(icon)) icons.add(icon);
  };
  for (const path of devfilesOf(repository)) {
    const devfile = parse(readFileSync(join(repository, path), "utf8"));
    counts.devfiles += path.startsWith("stacks/") ? 1 : 0;
    counts.parents += devfile.parent === undefined ? 0 : 1;
    see(devfile.metadata.icon);
    for (const address of documentsOf(devfile)) documents.add(address);
    for (const { name, git, zip, subDir } of (devfile.starterProjects ?? []) as Starter[]) {
      counts.starters += 1;
      counts.subDirs += subDir === undefined ? 0 : 1;
      if (zip !== undefined) {
        counts.zips += 1;
        zips.set(zip.location, (zips.get(zip.location) ?? new Set()).add(subDir ?? ""));
      }
      const source = git === undefined ? (zip?.location ?? "") : want(git, subDir);
      trees.set(`${path} ${name}`, contentOf(source, subDir ?? "", zip !== undefined));
    }
    for (const { name, git = {} } of (devfile.projects ?? []) as Starter[]) {
      counts.projects += 1;
      trees.set(`${path} ${name}`, contentOf(want(git), ""));
    }
  }
  for (const text of [...stackFiles(repository), join(repository, "extraDevfileEntries.yaml")]) {
    const parsed = parse(readFileSync(text, "utf8"));
    const entries: Versioned[] = [parsed, ...(parsed.samples ?? []), ...(parsed.stacks ?? [])];
    for (const each of entries.flatMap((entry) => [entry, ...(entry.versions ?? [])])) {
      see(each.icon);
      if (each.git !== undefined) want(each.git, each.git.subDir);
    }
  }
  counts.icons = icons.size;
  counts.documents = documents.size;
  for (const [url, refs] of repositories) {
    const named = [...refs].map(
      ([ref, subDirs]) => [ref, whole(`${url}#${ref}`, subDirs)] as const,
    );
    // The default branch is there even where only tags are named.
    const all = { main: whole(`${url}#main`, refs.get("main") ?? new Set([""])) };
    await world.addRepository(url, { ...all, ...Object.fromEntries(named) });
  }
  for (const [url, subDirs] of zips) {
    const files = Object.entries(whole(url, subDirs, true)).map(([path, text]) => [
      `top/${path}`,
      Buffer.from(text),
    ]);
    await world.addFile(url, zipSync(Object.fromEntries(files)));
  }
  for (const url of icons) await world.addFile(url, iconOf(url));
  for (const url of documents) await world.addFile(url, `# ${url}\n`);
  await world.save();
  return { world, counts, trees };
}

/** The documents that a devfile points at by absolute addresses. */
function documentsOf({ attributes, metadata, components = [] }: Documented): string[] {
  const named = [attributes, metadata, metadata.attributes].flatMap((holder) => [
    holder?.["alpha.build-dockerfile"],
    holder?.["alpha.deployment-manifest"],
  ]);
  const uris = components.flatMap(({ kubernetes, openshift, image }) => [
    kubernetes?.uri,
    openshift?.uri,
    image?.dockerfile?.uri,
  ]);
  return [...named, ...uris].flatMap((address) =>
    typeof address === "string" && /^https?:/.test(address) ? [address] : [],
  );
}

/** The files of one folder of a project; they tell where they are from. */
function contentOf(source: string, subDir: string, zip = false): ProjectFiles {
  return {
    "README.md": `${source} ${subDir}\n`,
    "src/main.txt": `main of ${source} ${subDir}\n`,
    ...(zip ? {} : { "run.sh": `#!/bin/sh\necho ${subDir}\n`, latest: "-> src/main.txt" }),
  };
}

function whole(source: string, subDirs: ReadonlySet<string>, zip = false): ProjectFiles {
  const folders = [...new Set(["", ...subDirs])];
  return Object.fromEntries(
    folders.flatMap((folder) =>
      Object.entries(contentOf(source, folder, zip)).map(([path, text]) => [
        folder === "" ? path : `${folder}/${path}`,
        text,
      ]),
    ),
  );
}

function iconOf(url: string): Uint8Array {
  if (/\.png$/.test(url))
    return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.from(url)]);
  if (/\.jpg$/.test(url)) return Buffer.concat([Buffer.from("ffd8ffe0", "hex"), Buffer.from(url)]);
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><!-- ${url} --></svg>`);
}

function listed(repository: string): string[] {
  return readdirSync(repository, { recursive: true, encoding: "utf8" }).sort();
}

function devfilesOf(repository: string): string[] {
  return listed(repository).filter((path) => /\/\.?devfile\.yaml$/.test(path));
}

function stackFiles(repository: string): string[] {
  return listed(repository)
    .filter((path) => /^stacks\/[^/]+\/stack\.yaml$/.test(path))
    .map((path) => join(repository, path));
}
