import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { git } from "./git-repository.ts";

/** Where in the folder of a world a docker-registry keeps images, each below the name of its host. */
export const REGISTRY_FOLDER = "images";
/** Where it notes what it was asked. */
export const REGISTRY_ACCESSES = "images.log";

/** The files of a project: path → contents; a contents of "-> x" makes a link to x. */
export type ProjectFiles = Readonly<Record<string, string>>;

/**
 * The web as a registry sees it: repositories and files under the names of their hosts. It is laid
 * out in a folder and served by outside-server.ts.
 */
export class OutsideWorld {
  readonly folder: string;
  readonly #files: Record<string, string> = {};
  readonly #hosts = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The names of all hosts, sorted. */
  get hosts(): readonly string[] {
    return [...this.#hosts].sort();
  }

  /** Adds a host that answers, whatever it has. */
  addHost(name: string): void {
    this.#hosts.add(name);
  }

  /**
   * Adds a repository with a branch "main" and the tags given, each a commit of its own with all
   * of the files given for it.
   */
  async addRepository(url: string, refs: Readonly<Record<string, ProjectFiles>>): Promise<void> {
    const { hostname, pathname } = new URL(url);
    this.#hosts.add(hostname);
    const folder = join(this.folder, "git", pathname);
    await mkdir(folder, { recursive: true });
    git(folder, ["init", "-q", "--bare", "-b", "main"]);
    git(folder, ["fast-import", "--quiet"], Object.entries(refs).map(importCommit).join(""));
  }

  /** Adds what an address answers. */
  async addFile(url: string, bytes: Uint8Array | string): Promise<void> {
    const { hostname, href } = new URL(url);
    this.#hosts.add(hostname);
    const name = `file-${Object.keys(this.#files).length}`;
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, name), bytes);
    this.#files[href] = name;
    await this.save();
  }

  /** Writes what the server reads. */
  async save(): Promise<void> {
    await mkdir(join(this.folder, "git"), { recursive: true });
    await writeFile(join(this.folder, "files.json"), JSON.stringify(this.#files));
  }
}

function importCommit([name, files]: readonly [string, ProjectFiles]): string {
  const ref = name === "main" ? "refs/heads/main" : `refs/tags/${name}`;
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const contents = Object.entries(files).map(([path, text]) => {
    if (text.startsWith("-> ")) return `M 120000 inline ${path}\n${data(text.slice(3))}`;
    return `M ${text.startsWith("#!") ? "100755" : "100644"} inline ${path}\n${data(text)}`;
  });
  const who = "A <a@example.com> 1700000000 +0000";
  const head = `author ${who}\ncommitter ${who}\n${data(name)}`;
  return `commit ${ref}\n${head}deleteall\n${contents.join("")}\n`;
}
