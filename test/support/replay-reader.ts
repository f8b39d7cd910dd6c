import { jsonOf } from "./json-of.ts";
import type { Push } from "./replay-history.ts";

/** What a reader came across; faults are what no client may see. */
export interface Readings {
  rounds: number;
  /** Rounds in which the generation was swapped. */
  swaps: number;
  readonly faults: string[];
}

/** An index that was read. */
interface IndexRead {
  readonly revision: string;
  /** "name:version" of each stack version. */
  readonly names: readonly string[];
}

interface Entry {
  readonly name: string;
  readonly versions: readonly { readonly version: string; readonly description: string }[];
}

interface Pulled {
  readonly status: number;
  readonly devfile?: string;
}

const ACCEPT = { accept: "application/vnd.oci.image.manifest.v1+json" };
/** Readers that never pause would have most of a small machine. */
const PAUSE_MS = 25;
const TITLE = "org.opencontainers.image.title";

/**
 * Reads one server as clients do: the index, one devfile that it names, and the same one by /v2.
 * Everything must be of the commit that the index says it is of, unless another one took its place
 * meanwhile; then it must be of some commit.
 */
export class ReplayReader {
  readonly readings: Readings = { rounds: 0, swaps: 0, faults: [] };
  readonly #url: string;
  readonly #pushes: ReadonlyMap<string, Push>;
  readonly #random: (limit: number) => number;

  constructor(url: string, pushes: readonly Push[], random: (limit: number) => number) {
    this.#url = url;
    this.#pushes = new Map(pushes.map((push) => [push.commit, push]));
    this.#random = random;
  }

  /** Reads until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#round();
      } catch (error) {
        this.#fault(error instanceof Error ? error.message : String(error));
      }
      this.readings.rounds += 1;
      await Bun.sleep(PAUSE_MS);
    }
  }

  async #round(): Promise<void> {
    const { revision, names } = await this.#index();
    const name = names[this.#random(names.length)] ?? "";
    const [stack = "", version = ""] = name.split(":");
    const devfile = await fetch(`${this.#url}/devfiles/${stack}/${version}`);
    const seen = { status: devfile.status, devfile: await devfile.text() };
    const pulled = await this.#pull(stack, version);
    const after = await this.#index();
    const isSwapped = after.revision !== revision;
    if (isSwapped) this.readings.swaps += 1;
    this.#check(`/devfiles of ${name}`, name, revision, seen, isSwapped);
    this.#check(`/v2 of ${name}`, name, revision, pulled, isSwapped);
  }

  /** Reads the index, which must be that of the commit that its header names. */
  async #index(): Promise<IndexRead> {
    const answer = await fetch(`${this.#url}/v2index/all`);
    if (answer.status !== 200) throw new Error(`the index is ${answer.status}`);
    const revision = answer.headers.get("x-devfile-registry-revision") ?? "";
    const entries: readonly Entry[] = await jsonOf(answer);
    const names = entries.flatMap(({ name, versions }) =>
      versions.map(({ version }) => `${name}:${version}`),
    );
    const expected = [...(this.#pushes.get(revision)?.devfiles.keys() ?? [])];
    if (names.toSorted().join() !== expected.sort().join()) {
      this.#fault(`the index of ${revision} has ${names.join()}`);
    }
    for (const { name, versions } of entries) {
      for (const { version, description } of versions) {
        const devfile = this.#pushes.get(revision)?.devfiles.get(`${name}:${version}`);
        if (devfile?.includes(`description: ${description}\n`)) continue;
        this.#fault(`the index of ${revision} has ${name}:${version} as "${description}"`);
      }
    }
    return { revision, names };
  }

  async #pull(stack: string, version: string): Promise<Pulled> {
    const base = `${this.#url}/v2/devfile-catalog/${stack}`;
    const answer = await fetch(`${base}/manifests/${version}`, { headers: ACCEPT });
    if (answer.status !== 200) {
      await answer.text();
      return { status: answer.status };
    }
    interface Layers {
      readonly layers: readonly { digest: string; annotations: Record<string, string> }[];
    }
    const { layers }: Layers = await jsonOf(answer);
    let devfile = "";
    for (const { digest, annotations } of layers) {
      const blob = await fetch(`${base}/blobs/${digest}`);
      const text = await blob.text();
      // What a manifest names is there for as long as clients may still have the manifest.
      if (blob.status !== 200) this.#fault(`blob ${digest} of ${stack}:${version}: ${blob.status}`);
      if (annotations[TITLE] === "devfile.yaml") devfile = text;
    }
    return { status: 200, devfile };
  }

  #check(
    what: string,
    name: string,
    revision: string,
    { status, devfile }: Pulled,
    isSwapped: boolean,
  ): void {
    if (status === 404 && isSwapped) return;
    const pushes = isSwapped ? [...this.#pushes.values()] : [this.#pushes.get(revision)];
    const isRight = pushes.some((push) => push?.devfiles.get(name) === devfile);
    if (status !== 200) this.#fault(`${what} at ${revision}: ${status}`);
    else if (!isRight) this.#fault(`${what} is not of ${revision}: ${devfile}`);
  }

  #fault(text: string): void {
    if (this.readings.faults.length < 20) this.readings.faults.push(`${this.#url}: ${text}`);
  }
}
