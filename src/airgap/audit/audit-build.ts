import { posix } from "node:path";
import { textOf } from "../../bytes.ts";
import { eachBounded } from "../../concurrent.ts";
import { DevregError, describeError, formatIssue } from "../../errors.ts";
import { ARCHIVE_NAME, type Build, compareBytewise } from "../../generator/index.ts";
import { SOURCE_CONCURRENCY, YAML_BYTES } from "../../limits.ts";
import { parseImageReference } from "../../oci-client/index.ts";
import {
  discoverImages,
  findPlaces,
  type MirrorRules,
  NO_RULES,
  type Place,
  readPlaceArchive,
} from "../discover/index.ts";
import type { MirrorLock } from "../lock.ts";
import type { ImageOccurrence } from "../occurrence.ts";
import type { Audit } from "./audit.ts";
import {
  devfileAddresses,
  entryAddresses,
  type RoleOfAddress,
  textAddresses,
} from "./document-addresses.ts";
import { AddressSorter, type Names } from "./sorter.ts";

/** How a build is audited. */
export interface AuditOptions {
  /** Hosts that may be reached, with a port unless it is the default one. */
  readonly allow: readonly string[];
  /** Globs of stacks and samples (name or name@version), and with a slash of addresses. */
  readonly exclude: readonly string[];
  /** The public URL of the registry; its host may be reached. */
  readonly publicUrl?: string | undefined;
  /** Of a bundle: its images are renamed when it is loaded. */
  readonly lock?: Pick<MirrorLock, "images"> | undefined;
  readonly rules?: MirrorRules | undefined;
}

/** What one file, or one place, came to. */
interface Looked {
  readonly addresses: readonly RoleOfAddress[];
  readonly unread: readonly string[];
  readonly notes: readonly string[];
  readonly names: Names;
}

/** Files that are looked through as text; documentation is not, nobody but people follows it. */
const TEXTS = /(?:\.(?:ya?ml|json|sh)|(?:^|[/.])(?:Dockerfile|Containerfile)(?:\.[^/]*)?)$/i;

/**
 * Lists every reference of a build that leads out of the allowed hosts: in its index, its devfiles,
 * and the files beside them. What is in starter projects is not looked at.
 */
export async function auditBuild(build: Build, options: AuditOptions): Promise<Audit> {
  const sorter = new AddressSorter({ allowed: allowedHosts(options), exclude: options.exclude });
  const looked = [
    ...build.index.map((entry, at): Looked => {
      const addresses = entryAddresses(entry, at);
      return { addresses, unread: [], notes: [], names: [entry.name] };
    }),
    ...(await eachBounded(await findPlaces(build), SOURCE_CONCURRENCY, (place) =>
      lookAtPlace(build, place),
    )),
    ...(await lookAtDocuments(build)),
  ];
  for (const { addresses, names } of looked) {
    for (const { address, role } of addresses) sorter.add(address, role, names);
  }
  const { occurrences, findings } = await discoverImages(build, options.rules ?? NO_RULES);
  const mirrored = addImages(occurrences, options, sorter);
  const notRead = findings.filter(({ severity }) => severity === "error").map(formatIssue);
  return {
    ...sorter.result(),
    mirrored,
    unread: looked.flatMap(({ unread }) => unread).sort(compareBytewise),
    notes: [...new Set([...looked.flatMap(({ notes }) => notes), ...notRead])].sort(
      compareBytewise,
    ),
  };
}

function allowedHosts({ allow, publicUrl }: AuditOptions): ReadonlySet<string> {
  return new Set([...allow, ...(publicUrl === undefined ? [] : [new URL(publicUrl).host])]);
}

async function lookAtPlace(build: Build, place: Place): Promise<Looked> {
  const { folder, names: files, devfiles } = place;
  const archive = await readPlaceArchive(build, place);
  const isSample = folder.startsWith("samples/");
  const parts: Omit<Looked, "names">[] = [];
  for (const name of files) {
    if (name === ARCHIVE_NAME) continue;
    const path = `${folder}/${name}`;
    const read = () => build.files.read(path);
    const addresses = devfiles.includes(name)
      ? (text: string) => devfileAddresses(path, text, isSample)
      : (text: string) => textAddresses(path, text);
    parts.push(await look(path, read, addresses));
  }
  for (const { name, bytes } of archive.files) {
    const path = `${folder}/${posix.normalize(name)}`;
    parts.push(
      await look(
        path,
        async () => bytes,
        (text) => textAddresses(path, text),
      ),
    );
  }
  return {
    addresses: parts.flatMap(({ addresses }) => addresses),
    unread: parts.flatMap(({ unread }) => unread),
    notes: parts.flatMap(({ notes }) => notes),
    names: namesOf(folder),
  };
}

/** What is kept of addresses belongs to whatever names it. */
async function lookAtDocuments(build: Build): Promise<readonly Looked[]> {
  const paths = (await build.files.paths()).filter((path) => path.startsWith("documents/"));
  return await eachBounded(paths, SOURCE_CONCURRENCY, async (path) => {
    const read = () => build.files.read(path);
    // Documents have the names of their addresses; they are manifests and Dockerfiles.
    const looked = await look(path, read, (text) => textAddresses(path, text), true);
    return { ...looked, names: [] };
  });
}

async function look(
  path: string,
  read: () => Promise<Uint8Array>,
  addressesOf: (text: string) => readonly RoleOfAddress[],
  isText = TEXTS.test(path),
): Promise<Omit<Looked, "names">> {
  const unread = { addresses: [], unread: [path], notes: [] };
  if (!isText) return unread;
  try {
    const bytes = await read();
    if (bytes.byteLength > YAML_BYTES) return unread;
    return { addresses: addressesOf(textOf(bytes)), unread: [], notes: [] };
  } catch (error) {
    if (!(error instanceof DevregError) || error.code !== "INPUT_INVALID") throw error;
    return { addresses: [], unread: [], notes: [describeError(error)] };
  }
}

/** @returns how many are renamed when a bundle is loaded */
function addImages(
  occurrences: readonly ImageOccurrence[],
  { lock }: AuditOptions,
  sorter: AddressSorter,
): number {
  const locked = new Set(lock?.images.map(({ image }) => image));
  let mirrored = 0;
  for (const { file, pointer, text, image, kind, class: of } of occurrences) {
    const names = namesOf(file);
    const line = /^line:(\d+)$/.exec(pointer)?.[1];
    const place = { file, pointer, ...(line === undefined ? {} : { line: Number(line) }) };
    if (image !== undefined && locked.has(image)) mirrored += 1;
    else if (of === "pull") {
      sorter.add({ ...place, text, host: imageHost(image ?? text) }, "image", names);
    } else if (of === "templated") sorter.add({ ...place, text, host: "" }, undefined, names);
    else if (kind === "possible") {
      sorter.add({ ...place, text, host: imageHost(text) }, "possible", names);
    }
  }
  return mirrored;
}

/** Written the way addresses of the web have their host: without the port of https. */
function imageHost(image: string): string {
  try {
    const { registry } = parseImageReference(image);
    return URL.parse(`https://${registry}`)?.host ?? registry;
  } catch (error) {
    if (error instanceof DevregError) return "";
    throw error;
  }
}

/** "stacks/go/2.0.0/devfile.yaml" belongs to "go" and "go@2.0.0". */
function namesOf(path: string): Names {
  const [, , name, version] = /^(stacks|samples)\/([^/]+)(?:\/([^/]+))?/.exec(path) ?? [];
  if (name === undefined) return [];
  return version === undefined ? [name] : [name, `${name}@${version}`];
}
