import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ioError } from "../../atomic-file.ts";
import { utf8 } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { GIT_ADVERTISEMENT_BYTES } from "../../limits.ts";
import type { HttpGitAddress } from "./git-address.ts";
import { type Advertisement, readAdvertisement, readReferences } from "./git-advertisement.ts";
import { GitHttp } from "./git-http.ts";
import { readPack, readReady, readShallow0, readShallow2 } from "./git-pack-response.ts";
import type { GitReference, GitRemote, GitWants } from "./git-remote.ts";
import { DELIM, FLUSH, PktReader, pktLine } from "./pkt-line.ts";
import type { FetchDeps } from "./project.ts";
import { storePack } from "./store-pack.ts";

/** What whole branches and tags are. */
const ALL = ["refs/heads/", "refs/tags/"];

const FILTERS = { blobs: "blob:none", trees: "tree:0" };

/**
 * A git repository behind http or https, spoken to by our own client: version 2 of the protocol, or
 * version 0 where the server knows no other. A general library always asks for all references,
 * holds packs in memory and unpacks them without bounds.
 */
export class HttpGitRemote implements GitRemote {
  readonly url: string;
  readonly #http: GitHttp;
  readonly #name: string;
  readonly #signal: AbortSignal | undefined;
  #advertisement: Promise<Advertisement> | undefined;

  constructor(address: HttpGitAddress, deps: Pick<FetchDeps, "send" | "credentials" | "signal">) {
    this.url = address.url.href;
    this.#name = `"${this.url}"`;
    this.#http = new GitHttp(address, deps);
    this.#signal = deps.signal;
  }

  async listReferences(prefixes: readonly string[]): Promise<readonly GitReference[]> {
    const advertisement = await this.#advertised();
    if (advertisement.version === 0) {
      const wanted = (name: string) => prefixes.some((prefix) => name.startsWith(prefix));
      return advertisement.references.filter(({ name }) => wanted(name));
    }
    const lines = [
      pktLine("command=ls-refs"),
      DELIM,
      pktLine("peel"),
      pktLine("symrefs"),
      ...prefixes.map((prefix) => pktLine(`ref-prefix ${prefix}`)),
      FLUSH,
    ];
    const response = await this.#http.post(utf8(lines.join("")));
    return await readReferences(response.body, this.#name);
  }

  async fetch(wants: GitWants, gitDir: string): Promise<void> {
    const advertisement = await this.#advertised();
    const oids = wants.oids === "all" ? await this.#all() : wants.oids;
    if (oids.length === 0) {
      throw new DevregError("NOT_FOUND", `Cannot fetch ${this.#name}: it has no commits`);
    }
    const request =
      advertisement.version === 2
        ? request2(oids, wants, advertisement)
        : request0(oids, wants, advertisement);
    await this.#receive(request, gitDir, async (reader) => {
      const shallow =
        advertisement.version === 2
          ? await readShallow2(reader)
          : [...advertisement.shallow, ...(await readShallow0(reader, wants.shallow === true))];
      await this.#store(reader, gitDir);
      await writeFile(join(gitDir, "shallow"), [...shallow, ""].join("\n"));
    });
  }

  async fetchAfter(oid: string, ancestor: string, gitDir: string): Promise<boolean> {
    const { version } = await this.#advertised();
    if (version !== 2) return false;
    return await this.#receive(requestAfter(oid, ancestor), gitDir, async (reader) => {
      if (!(await readReady(reader))) return false;
      await readShallow2(reader);
      await this.#store(reader, gitDir);
      return true;
    });
  }

  async #receive<Result>(
    request: string,
    gitDir: string,
    read: (reader: PktReader) => Promise<Result>,
  ): Promise<Result> {
    const response = await this.#http.post(utf8(request));
    const reader = new PktReader(response.body, this.#name, GIT_ADVERTISEMENT_BYTES);
    try {
      return await read(reader);
    } catch (error) {
      throw ioError("keep", gitDir, error);
    } finally {
      await reader.close();
    }
  }

  async #store(reader: PktReader, gitDir: string): Promise<void> {
    await mkdir(join(gitDir, "objects", "pack"), { recursive: true });
    await storePack(readPack(reader), gitDir, this.#signal);
  }

  #advertised(): Promise<Advertisement> {
    this.#advertisement ??= this.#http
      .discover()
      .then((response) => readAdvertisement(response.body, this.#name));
    return this.#advertisement;
  }

  async #all(): Promise<readonly string[]> {
    return [...new Set((await this.listReferences(ALL)).map(({ oid }) => oid))];
  }
}

/** Spec: gitprotocol-v2, fetch. */
function request2(
  oids: readonly string[],
  { shallow, without }: GitWants,
  { capabilities }: Advertisement,
): string {
  const features = (capabilities.get("fetch") ?? "").split(" ");
  const filter = without !== undefined && features.includes("filter");
  return [
    pktLine("command=fetch"),
    DELIM,
    pktLine("no-progress"),
    pktLine("ofs-delta"),
    ...oids.map((oid) => pktLine(`want ${oid}`)),
    ...(shallow === true && features.includes("shallow") ? [pktLine("deepen 1")] : []),
    ...(filter ? [pktLine(`filter ${FILTERS[without]}`)] : []),
    pktLine("done"),
    FLUSH,
  ].join("");
}

/**
 * Asks without saying that this is all: the server then sends a pack only if it knows the ancestor
 * as one, and not the whole history when it does not. Spec: gitprotocol-v2, fetch.
 */
function requestAfter(oid: string, ancestor: string): string {
  return [
    pktLine("command=fetch"),
    DELIM,
    ...["no-progress", "ofs-delta", `want ${oid}`, `have ${ancestor}`].map(pktLine),
    FLUSH,
  ].join("");
}

/** What is switched on where the server has it; some refuse who does not know multi_ack. */
const FEATURES_0 = ["multi_ack_detailed", "no-done", "side-band-64k", "no-progress", "ofs-delta"];

/** Spec: gitprotocol-pack, packfile negotiation. */
function request0(
  oids: readonly string[],
  { shallow, without }: GitWants,
  { capabilities }: Advertisement,
): string {
  if (!capabilities.has("side-band-64k")) {
    throw new DevregError("UNSUPPORTED", "Cannot fetch: the git server lacks side-band-64k", {
      hint: "It is too old; use one of git 1.5 or later",
    });
  }
  const filter = without !== undefined && capabilities.has("filter");
  const features = FEATURES_0.filter((name) => capabilities.has(name));
  const [first = "", ...rest] = oids;
  return [
    pktLine(`want ${first} ${[...features, ...(filter ? ["filter"] : [])].join(" ")}`),
    ...rest.map((oid) => pktLine(`want ${oid}`)),
    ...(shallow === true && capabilities.has("shallow") ? [pktLine("deepen 1")] : []),
    ...(filter ? [pktLine(`filter ${FILTERS[without]}`)] : []),
    FLUSH,
    pktLine("done"),
  ].join("");
}
