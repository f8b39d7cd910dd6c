import {
  ARTIFACTS_FRESH_MS,
  ARTIFACTS_RETRY_MS,
  ARTIFACTS_WAIT_MS,
} from "../../artifact-limits.ts";
import type { ArtifactType } from "../artifact-type.ts";
import type { AppDeps } from "../deps.ts";
import { type CacheHolding, type CacheUse, countCache } from "../http/index.ts";
import type { TroubleKind } from "../reason.ts";
import type { PreparedGeneration } from "../served.ts";
import { type Artifact, artifactPath, heldBytes } from "./artifact.ts";
import { createFindType, joinTypes } from "./find-type.ts";
import { Gathering } from "./gathering.ts";

/** What is known of the artifacts of a registry. */
export interface Artifacts {
  /** Differs from that of any other list. */
  readonly number: number;
  /** Sorted by repository, the tags of one by version. */
  readonly list: readonly Artifact[];
  /** Types in the order in which they are shown. */
  readonly types: readonly ArtifactType[];
  /** Whether it is all that there is. */
  readonly isComplete: boolean;
  /** Whether more is being read. */
  readonly isGathering: boolean;
  /** What the registry behind, or a part of it, could not be read for. */
  readonly trouble: TroubleKind | undefined;
  /** How many repositories and artifacts could not be read. */
  readonly failures: number;
  /** How many are not listed because there are too many. */
  readonly leftOut: number;
}

/** How a shelf of artifacts works. */
export interface ShelfOptions {
  /** The longest that a visitor waits for what is not known yet. */
  readonly waitMs?: number;
  /** The longest that gathering may take. */
  readonly timeoutMs?: number;
}

interface Kept {
  readonly artifacts: Artifacts;
  readonly gathering: Gathering;
  readonly untilMs: number;
}

const inOrder = new Intl.Collator("en", { numeric: true }).compare;

/**
 * Keeps the list of artifacts of what is served. It is read when first asked for, by one run for all
 * who ask; in front of a registry it is read again when it is old, and the old one is shown meanwhile.
 */
export class ArtifactShelf implements CacheHolding {
  readonly #deps: AppDeps;
  readonly #options: ShelfOptions;
  readonly #types: readonly ArtifactType[];
  readonly #under = new WeakMap<PreparedGeneration, Gathering>();
  readonly #kept = new WeakMap<PreparedGeneration, Kept>();
  readonly #use: CacheUse;
  #held: CacheHolding = { entries: 0, bytes: 0 };
  #number = 0;

  constructor(deps: AppDeps, options: ShelfOptions = {}) {
    this.#deps = deps;
    this.#options = options;
    this.#types = joinTypes(deps.artifactTypes ?? []);
    this.#use = countCache("artifact-list", this);
  }

  /** How many artifacts are known of what was looked at last. */
  get entries(): number {
    return this.#held.entries;
  }

  /** About what they take in memory. */
  get bytes(): number {
    return this.#held.bytes;
  }

  /** Gives the list that is known and good for now; undefined where one has to wait for it. */
  ready(generation: PreparedGeneration): Artifacts | undefined {
    const kept = this.#kept.get(generation);
    return kept !== undefined && this.#deps.nowMs() < kept.untilMs ? kept.artifacts : undefined;
  }

  /** Gives what is known, after waiting a little where that is nothing yet. */
  async of(generation: PreparedGeneration): Promise<Artifacts> {
    const ready = this.ready(generation);
    if (ready === undefined) this.#use.misses += 1;
    else this.#use.hits += 1;
    if (ready !== undefined) return ready;
    const gathering = this.#gather(generation);
    const old = this.#kept.get(generation);
    if (old !== undefined) return old.artifacts;
    await waitFor(gathering.done, this.#options.waitMs ?? ARTIFACTS_WAIT_MS);
    return this.#kept.get(generation)?.artifacts ?? this.#artifacts(gathering, undefined);
  }

  #gather(generation: PreparedGeneration): Gathering {
    const running = this.#under.get(generation);
    if (running !== undefined) return running;
    const before = this.#kept.get(generation);
    const gathering = new Gathering({
      registry: this.#deps.registry ?? generation.registry,
      findType: createFindType(this.#types),
      before: before?.gathering.inspected ?? new Map(),
      timeoutMs: this.#options.timeoutMs,
    });
    this.#under.set(generation, gathering);
    void gathering.done.then(() => {
      this.#under.delete(generation);
      this.#keep(generation, gathering, before);
    });
    return gathering;
  }

  #keep(generation: PreparedGeneration, gathering: Gathering, before: Kept | undefined): void {
    const { registry, nowMs, log } = this.#deps;
    const artifacts = this.#artifacts(gathering, before?.artifacts);
    const { list } = artifacts;
    const bytes = list.reduce((total, artifact) => total + heldBytes(artifact), 0);
    this.#held = { entries: list.length, bytes };
    const { failures, trouble } = gathering;
    if (trouble !== undefined) {
      log.warn("the list of artifacts is not whole", { failures, error: trouble.detail });
    }
    const wholeMs = registry === undefined ? Number.POSITIVE_INFINITY : ARTIFACTS_FRESH_MS;
    const goodMs = artifacts.trouble === undefined ? wholeMs : ARTIFACTS_RETRY_MS;
    this.#kept.set(generation, { artifacts, gathering, untilMs: nowMs() + goodMs });
  }

  /** Where something failed, what was known before still counts. */
  #artifacts(gathering: Gathering, before: Artifacts | undefined): Artifacts {
    const { failures, leftOut, isDone } = gathering;
    const trouble = gathering.trouble?.kind ?? this.#deps.upstream?.trouble();
    const found = new Map(gathering.artifacts);
    if (trouble !== undefined) {
      for (const old of before?.list ?? []) {
        const key = `${old.repository}@${old.digest}`;
        if (!found.has(key)) found.set(key, old);
      }
    }
    this.#number += 1;
    return {
      number: this.#number,
      list: [...found.values()].sort((a, b) => inOrder(artifactPath(a), artifactPath(b))),
      types: this.#types,
      isComplete: isDone && trouble === undefined && leftOut === 0,
      isGathering: !isDone,
      trouble,
      failures,
      leftOut,
    };
  }
}

async function waitFor(done: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
