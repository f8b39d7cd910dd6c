import { textOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { decodedPath } from "../decoded-path.ts";
import type { FetchDevfile } from "../fetch-devfile.ts";
import type { OwnDevfiles } from "../own-devfiles.ts";
import type { DevfileText, ImportReference } from "../parents/index.ts";
import { readStackArchive } from "../stack-archive.ts";
import type { OfflinePlace, PlacedDevfile } from "./place.ts";

/** Stands for the registry that is built, which has no address that everybody knows. */
const OWN_SCHEME = "devreg:";

/** Reads the devfiles that others import, each once: those of the registry itself without network. */
export class DevfileReader {
  readonly #own: OwnDevfiles<OfflinePlace>;
  readonly #fetch: FetchDevfile;
  /** Where an id without a registry is looked for when the registry itself does not have it. */
  readonly #registries: readonly string[];
  readonly #fetched = new Map<string, Promise<DevfileText>>();

  constructor(own: OwnDevfiles<OfflinePlace>, fetch: FetchDevfile, registries: readonly string[]) {
    this.#own = own;
    this.#fetch = fetch;
    this.#registries = registries;
  }

  /**
   * Reads what a reference means.
   *
   * @throws {DevregError} NOT_FOUND, NETWORK, … as fetching does
   */
  async read(reference: Exclude<ImportReference, { kind: "kubernetes" }>): Promise<DevfileText> {
    const own = this.#own.find(reference);
    if (own?.place.devfile !== undefined) return ownText(own.place, own.place.devfile);
    if (reference.kind === "uri") return await this.#once(reference.uri);
    const { id, registryUrl, version } = reference;
    const path = ["devfiles", id, ...(version === undefined ? [] : [version])];
    const registries = registryUrl === undefined ? this.#registries : [registryUrl];
    let failure = new DevregError("NOT_FOUND", `Cannot find devfile "${id}": no registry is known`);
    for (const registry of registries) {
      try {
        return await this.#once(`${registry.replace(/\/+$/, "")}/${path.map(encodeURI).join("/")}`);
      } catch (error) {
        if (!(error instanceof DevregError) || error.code !== "NOT_FOUND") throw error;
        failure = error;
      }
    }
    throw failure;
  }

  /**
   * Reads a file that lies beside a devfile that was read.
   *
   * @param base what reading the devfile gave as its address
   * @throws {DevregError} NOT_FOUND, NETWORK, … as fetching does
   */
  async readBeside(uri: string, base: string | undefined): Promise<Uint8Array> {
    const url = URL.parse(uri, base);
    if (url === null) {
      throw new DevregError("NOT_FOUND", `Cannot fetch "${uri}": its devfile has no address`);
    }
    if (url.protocol !== OWN_SCHEME) return (await this.#fetch(url)).bytes;
    const path = decodedPath(url).slice(1);
    const place = this.#own.holderOf(path);
    if (place !== undefined) {
      const name = path.slice(place.folder.length + 1);
      const loose = place.files.find((file) => file.name === name);
      const archived = (await readStackArchive(place.files)).find(
        (file) => file.name.replace(/^\.\//, "") === name,
      );
      const file = loose ?? archived;
      if (file !== undefined) return file.bytes;
    }
    throw new DevregError("NOT_FOUND", `Cannot find "${path}": the registry does not have it`, {
      hint: "Add the file to the parent's folder, or override the component that names it",
    });
  }

  #once(address: string): Promise<DevfileText> {
    const known = this.#fetched.get(address);
    if (known !== undefined) return known;
    const reading = this.#read(address);
    this.#fetched.set(address, reading);
    return reading;
  }

  async #read(address: string): Promise<DevfileText> {
    const url = URL.parse(address);
    if (url === null || !/^https?:$/.test(url.protocol)) {
      const message = `Cannot fetch "${address}": it is no http or https address`;
      throw new DevregError("INPUT_INVALID", message);
    }
    const { bytes, url: answered } = await this.#fetch(url);
    return { text: textOf(bytes), base: answered.href };
  }
}

function ownText({ folder }: OfflinePlace, { name, bytes }: PlacedDevfile): DevfileText {
  return { text: textOf(bytes), base: `${OWN_SCHEME}///${folder}/${name}` };
}
