import { DevregError } from "../errors.ts";
import { isBuildName } from "./build-name.ts";
import { type Devfile, readDevfile } from "./devfile-yaml.ts";
import type { FetchedProject } from "./fetch/index.ts";
import type { Finding, ReportFinding } from "./findings.ts";
import type { GoTime } from "./go-time.ts";
import { importsByPath } from "./imports/index.ts";
import type { Git } from "./index-schema.ts";
import { parseFile } from "./parse-file.ts";
import { authorDate, fileFinder } from "./project-files.ts";
import { isIconPath, type RemoteIcon, takeIcon } from "./remote-icons.ts";
import type { RemoteContentOptions } from "./remote-options.ts";
import { fetchRemoteItems } from "./remote-projects.ts";
import type { Extra, ParsedFile, Repository, SampleVersion } from "./repository.ts";
import type { ExtraVersion } from "./samples-yaml.ts";
import type { Place } from "./validate/index.ts";

/** The extra entries of a repository with what was fetched for them. */
export interface RemoteSamples {
  readonly extras: readonly Extra[];
  readonly icons: readonly RemoteIcon[];
  readonly findings: readonly Finding[];
  /** How many samples were not asked for, because the network was not to be used. */
  readonly notAsked: number;
}

/** Where a sample's repository may keep its devfile; the first that is there counts. */
const PLACES = ["devfile.yaml", ".devfile.yaml", ".devfile/devfile.yaml"];

interface RemoteSample {
  readonly sample: SampleVersion;
  readonly git: Git;
  readonly at: Place;
  /** The paths that the sample, or its entry, has for an icon. */
  readonly icons: readonly string[];
}

interface Taken {
  readonly devfile?: ParsedFile<Devfile>;
  readonly fetched?: GoTime;
  readonly beside?: NonNullable<SampleVersion["beside"]>;
  readonly icons: ReadonlyMap<string, RemoteIcon>;
}

/**
 * Fetches the devfiles of samples that the repository does not keep, and icons that are paths, from
 * the samples' own repositories. What cannot be fetched is reported; the entries stay.
 */
export async function fetchRemoteSamples(
  { extras }: Repository,
  { open, severity, progress }: RemoteContentOptions,
): Promise<RemoteSamples> {
  const wanted = extras.flatMap(wantedOf);
  if (open === undefined) return { extras, icons: [], findings: [], notAsked: wanted.length };
  const findings: Finding[] = [];
  const report: ReportFinding = (finding) => findings.push(finding);
  const fail = ({ at }: RemoteSample, rule: string, error: DevregError) => {
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    report({ severity, rule, ...at, message: error.message, ...hint });
  };
  const outcomes = await fetchRemoteItems(wanted, {
    open,
    take: (item: RemoteSample, project) =>
      takeSample(item, project, report, (error) => fail(item, "icon-unreachable", error)),
    title: "Fetching samples",
    progress,
  });
  const taken = new Map<SampleVersion, Taken>();
  for (const [item, outcome] of outcomes) {
    if (outcome instanceof DevregError) fail(item, "sample-not-fetched", outcome);
    else taken.set(item.sample, outcome);
  }
  const icons = [...taken.values()].flatMap((each) => [...each.icons.values()]);
  return { extras: extras.map((extra) => withTaken(extra, taken)), icons, findings, notAsked: 0 };
}

function wantedOf({ entry, samples }: Extra): RemoteSample[] {
  const main = samples.find(({ extra }) => extra?.fields.default === true) ?? samples[0];
  return samples.flatMap((sample) => {
    const own = sample.extra?.fields;
    const git = own?.git ?? entry.fields.git;
    const shown = [own?.icon, ...(sample === main ? [entry.fields.icon] : [])];
    const icons = [...new Set(shown.filter(isIconPath))];
    const hasGit = Object.keys(git?.remotes ?? {}).length > 0 || git?.url !== undefined;
    if (git === undefined || !hasGit) return [];
    if (sample.devfile !== undefined && icons.length === 0) return [];
    const node = sample.extra?.node ?? entry.node;
    return [{ sample, git, at: node.get("git").position(), icons }];
  });
}

function takeSample(
  { sample, icons: paths }: RemoteSample,
  project: FetchedProject,
  report: ReportFinding,
  iconFailed: (error: DevregError) => void,
): Taken {
  const icons = new Map<string, RemoteIcon>();
  for (const path of paths) {
    try {
      icons.set(path, takeIcon(project, path));
    } catch (error) {
      if (!(error instanceof DevregError)) throw error;
      iconFailed(error);
    }
  }
  if (sample.devfile !== undefined) return { icons };
  checkPlace(sample);
  const find = fileFinder(project.tree);
  const place = PLACES.find((each) => find(each) !== undefined);
  const file = find(place ?? "");
  if (place === undefined || file === undefined) {
    const state = `${project.provenance.url} has none of ${PLACES.join(", ")}`;
    throw new DevregError("NOT_FOUND", `Cannot find the sample's devfile: ${state}`, {
      hint: "Check git.revision and git.subDir, or keep the devfile below samples/",
    });
  }
  // A build keeps it where it would lie in the repository.
  const path = `${sample.folder}/devfile.yaml`;
  const devfile = parseFile(path, file.bytes, readDevfile, report);
  const beside = besideOf(devfile, place, project);
  return { devfile, icons, ...authorDate(project.provenance), ...beside };
}

/** Keeps what paths in a devfile may lead to, where it imports anything by path. */
function besideOf(
  { contents }: ParsedFile<Devfile>,
  path: string,
  { tree }: FetchedProject,
): Pick<SampleVersion, "beside"> {
  if (contents === undefined || !importsByPath(contents)) return {};
  const find = fileFinder(tree);
  const names = tree.entries.map((entry) => entry.path).filter((name) => /\.ya?ml$/.test(name));
  const files = names.flatMap((name) => {
    const bytes = find(name)?.bytes;
    return bytes === undefined ? [] : [[name, bytes] as const];
  });
  return { beside: { path, files: new Map(files) } };
}

/** The folder is made of what the author wrote, and the build is written to a disk. */
function checkPlace({ folder }: SampleVersion): void {
  const parts = folder.slice("samples/".length).split("/");
  if (parts.length <= 2 && parts.every(isBuildName)) return;
  throw new DevregError("INPUT_INVALID", `Cannot store the sample's devfile in "${folder}"`, {
    hint: "Give it a name and a version that a folder can have",
  });
}

function withTaken(extra: Extra, taken: ReadonlyMap<SampleVersion, Taken>): Extra {
  if (!extra.samples.some((sample) => taken.has(sample))) return extra;
  const { entry } = extra;
  const icons = new Map(extra.samples.flatMap((sample) => [...(taken.get(sample)?.icons ?? [])]));
  const shown = <Fields extends { readonly icon?: string }>(
    fields: Fields,
    from: ReadonlyMap<string, RemoteIcon> = icons,
  ): Fields => {
    const icon = from.get(fields.icon ?? "")?.address;
    return icon === undefined ? fields : { ...fields, icon };
  };
  const versions = new Map<ExtraVersion, ExtraVersion>();
  const samples = extra.samples.map((sample): SampleVersion => {
    const { icons: own, ...found } = taken.get(sample) ?? {};
    if (sample.extra === undefined) return { ...sample, ...found };
    const version = { ...sample.extra, fields: shown(sample.extra.fields, own ?? new Map()) };
    versions.set(sample.extra, version);
    return { ...sample, ...found, extra: version };
  });
  const all = entry.versions.map((version) => versions.get(version) ?? version);
  return { samples, entry: { ...entry, fields: shown(entry.fields), versions: all } };
}
