import { DevregError } from "../../errors.ts";
import { decodedPath } from "../decoded-path.ts";
import { type Devfile, readDevfile } from "../devfile-yaml.ts";
import type { FetchDevfile } from "../fetch-devfile.ts";
import type { Finding } from "../findings.ts";
import { normaliseAddress, type OwnDevfiles } from "../own-devfiles.ts";
import type { FetchableReference, ImportProblem } from "../parents/index.ts";
import { parseFile } from "../parse-file.ts";
import { checkShape } from "../validate/index.ts";
import type { ReadFile } from "./devfile-files.ts";
import type { OwnPlace } from "./own-places.ts";
import { rawAddress } from "./raw-address.ts";

/** A devfile that another one imports. */
export interface ReadImport {
  readonly devfile: Devfile;
  /** Absolute address that relative uris in it are resolved against. */
  readonly base: string | undefined;
}

/** A devfile that could not be had: why, or that the network was not to be used. */
export type MissingImport = ImportProblem | "not-asked";

/** Tells a devfile from why there is none. */
export function isRead(found: ReadImport | MissingImport): found is ReadImport {
  return found !== "not-asked" && "devfile" in found;
}

/** The scheme of files that lie where a devfile does; the host tells where that is. */
const FILE_SCHEME = "devreg-file:";

/** Reads the devfiles that others import, each once: those of the registry itself without network. */
export class ImportReader {
  readonly #own: OwnDevfiles<OwnPlace>;
  readonly #fetch: FetchDevfile | undefined;
  /** Nobody but this registry answers there. */
  readonly #publicUrl: string | undefined;
  readonly #folders: ReadFile[] = [];
  readonly #read = new Map<string, Promise<ReadImport | MissingImport>>();

  /** @param options without `fetch` when no socket may be opened */
  constructor(
    own: OwnDevfiles<OwnPlace>,
    { fetch, publicUrl }: { readonly fetch?: FetchDevfile; readonly publicUrl?: string },
  ) {
    this.#own = own;
    this.#fetch = fetch;
    this.#publicUrl = publicUrl === undefined ? undefined : normaliseAddress(publicUrl);
  }

  /** Gives the address of a file, which relative uris can be resolved against. */
  addressOf(path: string, read: ReadFile): string {
    let folder = this.#folders.indexOf(read);
    if (folder < 0) folder = this.#folders.push(read) - 1;
    return `${FILE_SCHEME}//${folder}/${path.split("/").map(encodeURIComponent).join("/")}`;
  }

  /**
   * Reads what a reference means; relative uris are absolute by now.
   *
   * @param written the uri as its author wrote it
   */
  async read(
    reference: FetchableReference,
    written: string | undefined,
  ): Promise<ReadImport | MissingImport> {
    const isOurs = written !== undefined && URL.parse(written)?.protocol === FILE_SCHEME;
    return isOurs ? notHttp(written) : await this.#readOnce(reference);
  }

  #readOnce(reference: FetchableReference): Promise<ReadImport | MissingImport> {
    const key = JSON.stringify(reference);
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const reading = this.#readNew(reference);
    this.#read.set(key, reading);
    return reading;
  }

  async #readNew(reference: FetchableReference): Promise<ReadImport | MissingImport> {
    const own = this.#own.find(reference);
    if (own?.place.devfile !== undefined) {
      const { contents: devfile, path } = own.place.devfile;
      if (devfile === undefined) return broken(`"${path}" of this registry cannot be read`);
      const base = reference.kind === "uri" ? reference.uri : undefined;
      return { devfile, base };
    }
    if (reference.kind === "uri") return await this.#readUri(reference.uri);
    const { id, registryUrl, version = "" } = reference;
    const unknown = this.#unknown(reference);
    if (unknown !== undefined || registryUrl === undefined) return unknown ?? "not-asked";
    if (!/^https?:\/\//.test(registryUrl)) return notHttp(registryUrl, "registryUrl");
    // Parity: getDevfileFromRegistry of parse.go asks with a slash at the end for the default.
    const path = ["devfiles", id, version].map(encodeURI).join("/");
    const found = await this.#fetchAt(`${registryUrl.replace(/\/+$/, "")}/${path}`);
    // Parity: what is read by id has no address.
    return isRead(found) ? { ...found, base: undefined } : found;
  }

  /** Tells of a reference that only this registry could have an answer to. */
  #unknown(reference: FetchableReference & { kind: "registry" }): ImportProblem | undefined {
    const { id, version, registryUrl } = reference;
    const isElsewhere =
      registryUrl !== undefined && normaliseAddress(registryUrl) !== this.#publicUrl;
    if (isElsewhere) return undefined;
    const versions = this.#own.versionsOf(id);
    const isNamed = versions.length > 0;
    const what = isNamed ? `version "${version ?? "default"}" of "${id}"` : `"${id}"`;
    const state = isNamed
      ? `this registry has ${versions.join(", ")}`
      : "this registry has no stack or sample of that name";
    return {
      rule: "parent-unknown",
      code: "NOT_FOUND",
      message: `Cannot find ${what}: ${state}`,
      ...(isNamed
        ? { hint: "Write one of these, or leave version out for the default", part: "version" }
        : {
            hint: "Name a stack of this registry, or add the registryUrl of the one that has it",
            key: id,
            known: this.#own.names,
          }),
    };
  }

  async #readUri(uri: string): Promise<ReadImport | MissingImport> {
    const url = URL.parse(uri);
    if (url?.protocol === FILE_SCHEME) return await this.#readFile(url);
    if (url === null || !/^https?:$/.test(url.protocol)) return notHttp(uri);
    return await this.#fetchAt(url.href);
  }

  async #readFile(url: URL): Promise<ReadImport | MissingImport> {
    const path = decodedPath(url).slice(1);
    try {
      const bytes = await this.#folders[Number(url.host)]?.(path);
      if (bytes === undefined) return missingFile(path);
      return parsed(path, bytes, url.href);
    } catch (error) {
      if (!(error instanceof DevregError) || error.code === "ABORTED") throw error;
      return missingFile(path);
    }
  }

  async #fetchAt(address: string): Promise<ReadImport | MissingImport> {
    if (this.#fetch === undefined) return "not-asked";
    try {
      const url = rawAddress(new URL(address));
      const { bytes, url: answered } = await this.#fetch(url);
      return parsed(address, bytes, answered.href);
    } catch (error) {
      if (!(error instanceof DevregError) || error.code === "ABORTED") throw error;
      const { code, message, hint } = error;
      const isGone = code === "NOT_FOUND";
      return {
        rule: isGone ? "parent-unknown" : "parent-unreachable",
        code,
        message,
        hint: hint ?? (isGone ? "Check the reference" : "Try again, or check the address"),
      };
    }
  }
}

function parsed(name: string, bytes: Uint8Array, base: string): ReadImport | ImportProblem {
  const errors: Finding[] = [];
  const { contents: devfile } = parseFile(name, bytes, readDevfile, (finding) => {
    if (finding.severity === "error") errors.push(finding);
  });
  if (devfile !== undefined) errors.push(...checkShape(devfile));
  const [first] = errors.filter(({ severity }) => severity === "error");
  if (first !== undefined || devfile === undefined) {
    const { line, column, message = "it is no devfile" } = first ?? {};
    const place = line === undefined ? "" : `:${line}${column === undefined ? "" : `:${column}`}`;
    return broken(`"${name}${place}" is no valid devfile: ${message}`);
  }
  return { devfile, base };
}

/** Parity: parseDevfile of parse.go checks what is imported against the schema, too. */
function broken(state: string): ImportProblem {
  const message = `Cannot import it: ${state}`;
  const hint = "Mend what is imported, or refer to something else";
  return { rule: "parent-invalid", code: "INPUT_INVALID", message, hint };
}

function notHttp(address: string, part?: "registryUrl"): ImportProblem {
  return {
    ...(part === undefined ? {} : { part }),
    rule: "parent-reference",
    code: "INPUT_INVALID",
    message: `Cannot fetch "${address}": it is no http or https address`,
    hint: "Write the whole address, with https://",
  };
}

function missingFile(path: string): ImportProblem {
  return {
    rule: "parent-unknown",
    code: "NOT_FOUND",
    message: `Cannot find "${path}": there is no such file`,
    hint: "The uri counts from the folder of the devfile",
  };
}
