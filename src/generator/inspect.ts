import { posix } from "node:path";
import { eachBounded } from "../concurrent.ts";
import { DevregError } from "../errors.ts";
import { DATES_BYTES, SOURCE_CONCURRENCY, YAML_BYTES } from "../limits.ts";
import { Pace } from "../turn.ts";
import { STACKS_IN_A_ROW } from "../turn-limits.ts";
import { DEVFILES, type Devfile, readDevfile } from "./devfile-yaml.ts";
import { filesBelow } from "./files-below.ts";
import { type Finding, type ReportFinding, sortFindings } from "./findings.ts";
import { type LastModified, readLastModified } from "./last-modified.ts";
import { compareBytewise } from "./ordering.ts";
import { parseFile } from "./parse-file.ts";
import { RecentTrees } from "./recent-trees.ts";
import type {
  Extra,
  ParsedFile,
  Repository,
  SampleVersion,
  Stack,
  StackVersion,
} from "./repository.ts";
import { type ExtraEntry, readExtraEntries } from "./samples-yaml.ts";
import { sortDescending } from "./semver.ts";
import type { SourceFile, StackSource } from "./stack-source.ts";
import { type DeclaredVersion, readStackYaml } from "./stack-yaml.ts";
import type { YamlNode } from "./yaml/index.ts";

const STACK_FILE = /^((?:stacks|devfiles)\/[^/]+)\/./;
const EXTRA_ENTRIES = "extraDevfileEntries.yaml";
const LAST_MODIFIED = "last_modified.json";

/** A repository with everything that went wrong while it was read. */
export interface Inspection {
  readonly repository: Repository;
  readonly findings: readonly Finding[];
}

/** Told of each stack and sample as soon as it is read. */
export type OnEntry = (entry: Stack | Extra) => void;

/**
 * Reads and parses a registry repository, each file once. Problems become findings.
 *
 * @throws {DevregError} NOT_FOUND when there is no such repository, LIMIT_EXCEEDED
 */
export async function inspectRepository(
  source: StackSource,
  onEntry: OnEntry = () => undefined,
): Promise<Inspection> {
  const listing = await source.list();
  const findings: Finding[] = [...listing.findings];
  // Who looks at an entry may ask for values of other types than they have.
  let told = false;
  const reader = new RepositoryReader(source, listing.files, (finding) => {
    if (!told) findings.push(finding);
  });
  const repository = await reader.readRepository((entry) => {
    told = true;
    onEntry(entry);
    told = false;
  });
  return { repository, findings: sortFindings(findings) };
}

class RepositoryReader {
  readonly #source: StackSource;
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #report: ReportFinding;
  readonly #trees = new RecentTrees();

  constructor(source: StackSource, files: readonly SourceFile[], report: ReportFinding) {
    this.#source = source;
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#report = report;
  }

  async readRepository(onEntry: OnEntry): Promise<Repository> {
    const told = <Entry extends Stack | Extra>(entry: Entry): Entry => {
      onEntry(entry);
      return entry;
    };
    const pace = new Pace(STACKS_IN_A_ROW);
    const groups = this.#groupStacks();
    const stacks = await eachBounded(groups, SOURCE_CONCURRENCY, async (group) => {
      await pace.did(1);
      return told(await this.#readStack(...group));
    });
    const extraEntries = await this.#parse(EXTRA_ENTRIES, readExtraEntries);
    const extras = await eachBounded(
      extraEntries?.contents ?? [],
      SOURCE_CONCURRENCY,
      async (entry) => told(await this.#readExtra(entry)),
    );
    const sampleFolders = foldersOf("samples", this.#files.keys());
    return {
      name: this.#source.name,
      stacks,
      extras,
      hasSamples: sampleFolders.length > 0,
      sampleFolders,
      extraEntriesBroken: extraEntries?.broken === true,
      hasLastModified: this.#files.has(LAST_MODIFIED),
      lastModified: await this.#readLastModified(),
    };
  }

  /** Gives the stack folders with their files, sorted bytewise by name as Go lists a folder. */
  #groupStacks(): [string, SourceFile[]][] {
    const groups = new Map<string, SourceFile[]>();
    for (const file of this.#files.values()) {
      const [, path] = STACK_FILE.exec(file.path) ?? [];
      if (path === undefined) continue;
      const group = groups.get(path) ?? [];
      group.push(file);
      groups.set(path, group);
    }
    return [...groups].sort(([a], [b]) => compareBytewise(a, b));
  }

  async #readStack(path: string, files: readonly SourceFile[]): Promise<Stack> {
    const folder = posix.basename(path);
    const stackYaml = await this.#parse(`${path}/stack.yaml`, readStackYaml);
    if (stackYaml === undefined) {
      const only = await this.#readVersion(path, files, undefined);
      return { folder, path, stackYaml, versions: [only], remoteVersions: [], unlisted: [] };
    }
    const declared = stackYaml.contents?.versions ?? [];
    const local = sortDescending(
      declared.filter(({ git }) => git === undefined),
      ({ version }) => version,
    );
    const versions: StackVersion[] = [];
    for (const version of local) {
      versions.push(await this.#readVersion(`${path}/${version.version}`, files, version));
    }
    const remoteVersions = declared.filter(({ git }) => git !== undefined);
    const unlisted = stackYaml.contents === undefined ? [] : unlistedFolders(path, files, declared);
    return { folder, path, stackYaml, versions, remoteVersions, unlisted };
  }

  async #readVersion(
    folder: string,
    stackFiles: readonly SourceFile[],
    declared: DeclaredVersion | undefined,
  ): Promise<StackVersion> {
    const files = filesBelow(stackFiles, folder);
    const isDefault = declared === undefined || declared.isDefault;
    return { folder, declared, isDefault, files, devfile: await this.#readDevfile(folder) };
  }

  async #readDevfile(folder: string): Promise<ParsedFile<Devfile> | undefined> {
    for (const name of DEVFILES) {
      const found = await this.#parseDevfile(`${folder}/${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #readExtra(entry: ExtraEntry): Promise<Extra> {
    if (entry.type === "stack") return { entry, samples: [] };
    const folder = `samples/${entry.fields.name ?? ""}`;
    const places =
      entry.versions.length === 0
        ? [{ folder, extra: undefined }]
        : entry.versions.map((extra) => ({
            folder: `${folder}/${extra.fields.version ?? ""}`,
            extra,
          }));
    const samples: SampleVersion[] = [];
    for (const place of places) {
      const devfile = await this.#parseDevfile(`${place.folder}/devfile.yaml`);
      samples.push({ ...place, devfile });
    }
    return { entry, samples };
  }

  async #readLastModified(): Promise<LastModified | undefined> {
    if (!this.#files.has(LAST_MODIFIED)) return undefined;
    const bytes = await this.#read(LAST_MODIFIED, DATES_BYTES);
    return bytes && readLastModified(LAST_MODIFIED, bytes, this.#report);
  }

  #parseDevfile(path: string): Promise<ParsedFile<Devfile> | undefined> {
    return this.#parse(path, (root, bytes) =>
      readDevfile(root, this.#trees.hold(path, bytes, root)),
    );
  }

  /** Parses a YAML file; undefined when the repository does not have it. */
  async #parse<Contents>(
    path: string,
    read: (node: YamlNode, bytes: Uint8Array) => Contents,
  ): Promise<ParsedFile<Contents> | undefined> {
    if (!this.#files.has(path)) return undefined;
    const bytes = await this.#read(path, YAML_BYTES);
    if (bytes === undefined) {
      return { path, bytes: new Uint8Array(), contents: undefined, broken: true };
    }
    return parseFile(path, bytes, (node) => read(node, bytes), this.#report);
  }

  async #read(path: string, limitBytes: number): Promise<Uint8Array | undefined> {
    try {
      return await this.#source.read(path, limitBytes);
    } catch (error) {
      if (!(error instanceof DevregError)) throw error;
      const rule = error.code === "LIMIT_EXCEEDED" ? "file-too-large" : "unreadable-file";
      const hint = error.hint === undefined ? {} : { hint: error.hint };
      this.#report({ severity: "error", rule, file: path, message: error.message, ...hint });
      return undefined;
    }
  }
}

/** Gives the folders of a stack that hold a devfile which stack.yaml does not name. */
function unlistedFolders(
  path: string,
  files: readonly SourceFile[],
  declared: readonly DeclaredVersion[],
): string[] {
  const listed = new Set(declared.map(({ version }) => `${path}/${version}`));
  const found = files
    .filter((file) => DEVFILES.some((name) => file.path.endsWith(`/${name}`)))
    .map((file) => file.path.slice(0, file.path.lastIndexOf("/")))
    .filter((folder) => folder !== path && folder.split("/").length === 3 && !listed.has(folder));
  return [...new Set(found)];
}

/** Gives the names of the folders directly below a folder. */
function foldersOf(folder: string, paths: Iterable<string>): string[] {
  const below = [...paths].filter((path) => path.startsWith(`${folder}/`));
  const names = below.map((path) => path.split("/")).filter((parts) => parts.length > 2);
  return [...new Set(names.map((parts) => parts[1] ?? ""))];
}
