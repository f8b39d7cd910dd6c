import { DevregError, describeError } from "../../errors.ts";
import { parseIndex, type RegistryIndex } from "../../generator/index.ts";
import { checkJsonParts } from "../../json-parts.ts";
import type { Logger } from "../../log.ts";
import type { OtherRegistries, OtherRegistry } from "../../server/index.ts";
import { Slots } from "../../slots.ts";
import {
  OTHER_INDEX_ENTRIES,
  OTHER_INDEX_INTERVAL_MS,
  OTHER_INDEX_PARTS,
  OTHER_INDEXES_AT_ONCE,
  OTHER_REGISTRIES,
} from "../../viewer-limits.ts";
import type { ProcessEdge } from "../edge.ts";
import type { ListedRegistry } from "./registries-flag.ts";
import { repeat } from "./repeat.ts";

/** What {@link RegistriesBeside} works with. */
export interface BesideParts {
  readonly edge: Pick<ProcessEdge, "random" | "sleep">;
  readonly listed: readonly ListedRegistry[];
  /** Where this server is itself: those of the list that are here are not asked. */
  readonly here: (address: URL) => boolean;
  /** Fetches a small document. */
  readonly fetch: (address: URL) => Promise<Uint8Array>;
  readonly log: Logger;
}

/** Asks other registries for their indexes, in the background, and remembers what they said. */
export class RegistriesBeside implements OtherRegistries {
  readonly ownName: string | undefined;
  readonly #parts: BesideParts;
  readonly #asked: readonly ListedRegistry[];
  readonly #slots = new Slots(OTHER_INDEXES_AT_ONCE, OTHER_REGISTRIES, tooMany);
  #list: readonly OtherRegistry[];

  constructor(parts: BesideParts) {
    const isHere = ({ url, fqdn }: ListedRegistry) =>
      [url, fqdn].some((address) => address !== undefined && parts.here(new URL(address)));
    this.#parts = parts;
    this.ownName = parts.listed.find(isHere)?.name;
    this.#asked = parts.listed.filter((each) => !isHere(each));
    this.#list = this.#asked.map(({ name, url, fqdn }) => ({
      name,
      address: fqdn ?? url,
      state: "unknown",
      entries: [],
    }));
  }

  list(): readonly OtherRegistry[] {
    return this.#list;
  }

  /** Asks each now, a few at once, and again and again until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { edge } = this.#parts;
    await Promise.all(
      this.#asked.map(async (_, at) => {
        // Who waits for a turn when the server stops has nothing to tell.
        const ask = () => this.#slots.run(signal, () => this.ask(at)).catch(() => false);
        await ask();
        await repeat(edge, OTHER_INDEX_INTERVAL_MS, signal, ask);
      }),
    );
  }

  /** Asks one of them; gives whether it answered. What it had before stays when it does not. */
  async ask(at: number): Promise<boolean> {
    const { fetch, log } = this.#parts;
    const registry = this.#asked[at];
    if (registry === undefined) return false;
    try {
      const address = new URL(`${registry.url}/v2index/all?icon=base64`);
      this.#put(at, { state: "up", entries: readEntries(registry.name, await fetch(address)) });
      return true;
    } catch (error) {
      log.warn("cannot show another registry", {
        name: registry.name,
        error: describeError(error),
      });
      this.#put(at, { state: "down" });
      return false;
    }
  }

  /** The list stays the same one while nothing changes, since catalogs are made from it. */
  #put(at: number, news: Partial<OtherRegistry>): void {
    const before = this.#list[at];
    if (before === undefined) return;
    const after = { ...before, ...news };
    if (after.state === before.state && Bun.deepEquals(after.entries, before.entries)) return;
    this.#list = this.#list.with(at, after);
  }
}

function tooMany(): DevregError {
  return new DevregError("LIMIT_EXCEEDED", "Cannot ask another registry: too many wait already");
}

function readEntries(name: string, bytes: Uint8Array): RegistryIndex {
  checkJsonParts(bytes, OTHER_INDEX_PARTS, `index of ${name}`);
  const entries = parseIndex(bytes, `index of ${name}`);
  if (entries.length <= OTHER_INDEX_ENTRIES) return entries;
  throw new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot show registry "${name}": over ${OTHER_INDEX_ENTRIES} entries`,
  );
}
