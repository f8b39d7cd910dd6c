import { DevregError } from "../../src/errors.ts";
import type { FetchedProject, ProjectSource } from "../../src/generator/fetch/index.ts";
import type { MakeOfflineOptions } from "../../src/generator/offline/index.ts";
import { noProgress } from "../../src/progress.ts";

/** A web in memory: projects, devfiles and icons by address; all else is not there. */
export interface OfflineDeps extends MakeOfflineOptions {
  /** Addresses in the order in which they were asked for. */
  readonly asked: string[];
}

/** What a web in memory holds. */
export interface OfflineContents {
  /** Files by path, by "<address>" or "<address>#<revision>". */
  readonly projects?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly devfiles?: Readonly<Record<string, string>>;
  readonly icons?: Readonly<Record<string, string>>;
}

/** An icon that is told apart by its text. */
export const svg = (text: string) => `<svg xmlns="http://www.w3.org/2000/svg">${text}</svg>`;

/** Makes the ways in which an offline build reaches the world, each answered from memory. */
export function offlineDeps(
  { projects = {}, devfiles = {}, icons = {} }: OfflineContents,
  options: Partial<MakeOfflineOptions> = {},
): OfflineDeps {
  const asked: string[] = [];
  const find = <Item>(items: Readonly<Record<string, Item>>, address: string): Item => {
    asked.push(address);
    const item = items[address];
    if (item !== undefined) return item;
    throw new DevregError("NOT_FOUND", `Cannot fetch "${address}": it is not there`);
  };
  return {
    asked,
    parents: options.publicUrl === undefined ? "flatten" : "registry",
    alsoKnownAs: ["https://registry.devfile.io"],
    openProject: async (source) => {
      const files = find(projects, addressOf(source));
      return { read: async (subDir) => projectOf(source, files, subDir), close: async () => {} };
    },
    fetchDevfile: async (url) => ({ bytes: Buffer.from(find(devfiles, url.href)), url }),
    icons: async (url) => ({ bytes: Buffer.from(find(icons, url)) }),
    progress: noProgress,
    ...options,
  };
}

function addressOf(source: ProjectSource): string {
  if (source.kind === "zip") return source.location;
  const { remotes, checkoutFrom = {} } = source;
  const url = remotes[checkoutFrom.remote ?? ""] ?? Object.values(remotes)[0];
  return checkoutFrom.revision === undefined ? `${url}` : `${url}#${checkoutFrom.revision}`;
}

function projectOf(
  source: ProjectSource,
  files: Readonly<Record<string, string>>,
  subDir: string | undefined,
): FetchedProject {
  const prefix = subDir === undefined || subDir === "" ? "" : `${subDir}/`;
  const entries = Object.entries(files)
    .filter(([path]) => path.startsWith(prefix))
    .map(([path, text]) => ({
      path: path.slice(prefix.length),
      mode: "file" as const,
      bytes: Buffer.from(text),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (entries.length === 0) {
    throw new DevregError("NOT_FOUND", `Cannot fetch the project: it has no folder "${subDir}"`);
  }
  const url = addressOf(source);
  const totalBytes = entries.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  if (source.kind === "zip") {
    return {
      tree: { entries, totalBytes },
      provenance: { kind: "zip", url, sha256: "0".repeat(64) },
    };
  }
  const times = { commitTime: "2024-01-01T00:00:00Z", authorTime: "2024-01-01T00:00:00Z" };
  const provenance = {
    kind: "git" as const,
    url,
    commit: "c".repeat(40),
    ...times,
    submodules: [],
  };
  return { tree: { entries, totalBytes }, provenance };
}
