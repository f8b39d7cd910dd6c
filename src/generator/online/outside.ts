import { DevregError } from "../../errors.ts";
import type { GitLocation } from "../fetch/index.ts";

/** What lies outside and can be asked whether it has something. */
export interface Outside {
  /**
   * Gives the platforms of an image ("linux/amd64"), empty where it does not say or nobody wants to
   * know; undefined when its registry does not have it.
   *
   * @throws {DevregError} when it cannot be told
   */
  findImage(image: string, withPlatforms: boolean): Promise<readonly string[] | undefined>;
  /** Asks for a revision. @throws {DevregError} NOT_FOUND when it is not there; else as it cannot be told */
  checkRevision(location: GitLocation): Promise<void>;
  /** Asks for an archive. @throws {DevregError} NOT_FOUND when it is not there; else as it cannot be told */
  checkArchive(url: URL): Promise<void>;
}

/** Codes of a host that is away; whatever else is asked of it would take as long to fail. */
const AWAY: readonly string[] = ["NETWORK", "TIMEOUT"];

/** Asks what lies outside, about each thing once; a host that is away is not asked again. */
export class OutsideOnce implements Outside {
  readonly #outside: Outside;
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #away = new Map<string, DevregError>();

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  findImage(image: string, withPlatforms: boolean): Promise<readonly string[] | undefined> {
    const [host = ""] = image.split("/");
    const key = `image ${image} ${withPlatforms}`;
    return this.#once(key, host, () => this.#outside.findImage(image, withPlatforms));
  }

  checkRevision(location: GitLocation): Promise<void> {
    const key = `git ${location.url} ${location.revision ?? ""}`;
    const host = URL.parse(location.url)?.host ?? location.url;
    return this.#once(key, host, () => this.#outside.checkRevision(location));
  }

  checkArchive(url: URL): Promise<void> {
    return this.#once(`zip ${url.href}`, url.host, () => this.#outside.checkArchive(url));
  }

  #once<Answer>(key: string, host: string, ask: () => Promise<Answer>): Promise<Answer> {
    // What is kept under a key is what was asked under it.
    const known = this.#answers.get(key) as Promise<Answer> | undefined;
    const answer = known ?? this.#ask(host, ask);
    this.#answers.set(key, answer);
    return answer;
  }

  async #ask<Answer>(host: string, ask: () => Promise<Answer>): Promise<Answer> {
    const away = this.#away.get(host);
    if (away !== undefined) throw away;
    try {
      return await ask();
    } catch (error) {
      if (error instanceof DevregError && AWAY.includes(error.code)) this.#away.set(host, error);
      throw error;
    }
  }
}
