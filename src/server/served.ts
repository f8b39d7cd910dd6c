import type { Build } from "../generator/index.ts";
import type { ReadonlyRegistry } from "../oci-client/index.ts";
import { type ClosedRegistry, closeRegistry } from "./closed-registry.ts";
import type { Reason } from "./reason.ts";
import { BuildReader } from "./rest/build-reader.ts";
import { IndexAnswers } from "./rest/index-answers.ts";
import type { UpdateLog } from "./updates/update-log.ts";

/** What one generation is made of; neither changes while it is served. */
export interface Served {
  readonly build: Build;
  /** The stack artifacts of the build, and the index artifact where there is one. */
  readonly artifacts: ReadonlyRegistry;
}

/** One generation, ready to be served. */
export interface PreparedGeneration extends Served {
  /** The artifacts, closed over the repositories that exist. */
  readonly registry: ClosedRegistry;
  readonly answers: IndexAnswers;
  readonly reader: BuildReader;
  /** When it was prepared; its answers carry this as Last-Modified. */
  readonly since: Date;
}

/** What is served now. It is asked once per request, so that a request sees one generation. */
export interface ServedState {
  /** Undefined while there is no index to serve. */
  current(): PreparedGeneration | undefined;
  /** What keeps the server from being at its best; empty when nothing does. */
  reasons(): readonly Reason[];
  /** What operators should know though nothing is wrong, such as a step back that was forced. */
  notes?(): readonly string[];
  /** How updates went, and when the server looks next. */
  updates?(): UpdateLog;
}

/** Makes the answers of a generation ahead: all index views, compressed, with their entity tags. */
export async function prepareServed(
  build: Build,
  artifacts: ReadonlyRegistry,
  options: { readonly now: Date },
): Promise<PreparedGeneration> {
  return {
    build,
    artifacts,
    registry: await closeRegistry(artifacts),
    answers: await IndexAnswers.prepare(build, options.now),
    reader: new BuildReader(build, options.now),
    since: options.now,
  };
}
