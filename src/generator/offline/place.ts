import { DevregError } from "../../errors.ts";
import type { ProjectSource } from "../fetch/index.ts";
import type { Finding } from "../findings.ts";
import type { RegistryPlace } from "../own-devfiles.ts";
import type { PackagedFile } from "../package-stack.ts";

/** Where a finding points to. */
export type FindingPlace = Pick<Finding, "source" | "file" | "line" | "column" | "path">;

/** The devfile of a place. */
export interface PlacedDevfile {
  /** "devfile.yaml" or ".devfile.yaml". */
  readonly name: string;
  /** What findings call it: its path in the registry repository. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** What the index has of one version of a stack or sample, or of an entry without versions. */
export interface OfflinePlace extends RegistryPlace {
  /** Undefined for what has none, such as a stack that is only described. */
  readonly devfile: PlacedDevfile | undefined;
  /** What lies beside the devfile. */
  readonly files: readonly PackagedFile[];
  /** Where the project of a sample is. */
  readonly project: ProjectSource | undefined;
  /** The icons that the index shows for it, those of its entry included. */
  readonly icons: readonly string[];
  /** Where it is declared. */
  readonly at: FindingPlace;
}

/** Collects what keeps places out of an offline build. */
export class PlaceProblems {
  readonly #findings: Finding[] = [];
  readonly #places = new Set<OfflinePlace>();

  /** What was found, in the order of finding it. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** The places with a problem. */
  get places(): ReadonlySet<OfflinePlace> {
    return this.#places;
  }

  /** Adds what was thrown for a place. */
  add(
    place: OfflinePlace,
    rule: string,
    at: FindingPlace,
    { message, hint }: { readonly message: string; readonly hint?: string | undefined },
  ): void {
    this.#places.add(place);
    const more = hint === undefined ? {} : { hint };
    const { source } = place.at;
    const from = source === undefined ? {} : { source };
    this.#findings.push({ severity: "error", rule, ...from, ...at, message, ...more });
  }

  /** Runs what may fail for a place alone; undefined when it did. */
  attempt<Value>(
    place: OfflinePlace,
    rule: string,
    at: FindingPlace,
    run: () => Value,
  ): Value | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof DevregError)) throw error;
      this.add(place, rule, at, error);
      return undefined;
    }
  }
}
