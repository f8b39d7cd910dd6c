import { DevregError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import {
  type ContentSource,
  openTarLayout,
  type ReadonlyRegistry,
} from "../../oci-client/index.ts";
import type { BundleOutput } from "../bundle/open-bundle-writer.ts";

/** What an earlier run left where a bundle is to be written. */
export interface EarlierBundle {
  readonly registry: ReadonlyRegistry;
  close(): Promise<void>;
}

/**
 * Opens the tar that a new bundle will take the place of, so that what it holds need not be fetched
 * again. A folder is written into as it stands, and a file that is no layout has nothing to give.
 */
export async function openEarlier(
  output: BundleOutput,
  log: Logger,
): Promise<EarlierBundle | undefined> {
  if (output.kind !== "file") return undefined;
  try {
    const registry = await openTarLayout(output.path);
    return { registry, close: () => registry.close() };
  } catch (error) {
    if (!(error instanceof DevregError)) throw error;
    log.debug("there is no earlier bundle to take content from", { error });
    return undefined;
  }
}

/** Reads content from the first of two sources that has it; the second is asked for all else. */
export function preferring(first: ContentSource, second: ContentSource): ContentSource {
  return {
    exists: async (target) => (await first.exists(target)) || (await second.exists(target)),
    fetch: async (target, options) =>
      (await first.exists(target)) ? first.fetch(target, options) : second.fetch(target, options),
  };
}
