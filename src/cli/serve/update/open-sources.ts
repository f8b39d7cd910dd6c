import { DevregError } from "../../../errors.ts";
import { type CompareCommits, isSameRepository } from "../../../generator/index.ts";
import type { Logger } from "../../../log.ts";
import type { Network } from "../../network.ts";
import { GitSource } from "./git-source.ts";

/**
 * Opens the sources that --source names; nothing is sent by this.
 *
 * @throws {DevregError} USAGE, UNSUPPORTED, INPUT_INVALID for what is no git address
 */
export async function openGitSources(
  addresses: readonly string[],
  network: Network,
  log: Logger,
): Promise<readonly GitSource[]> {
  if (addresses.length === 0) return [];
  const git = await import("../../../generator/fetch/index.ts");
  return addresses.map((text) => {
    if (!git.isGitAddress(text)) {
      throw new DevregError("USAGE", `Cannot use --source "${text}": it is no address of git`, {
        hint: "Name a git repository, as in https://host/team/registry.git#main; name a folder without --source",
      });
    }
    const location = git.parseGitLocation(text);
    const address = git.parseGitAddress(location.url);
    const shown = address.kind === "http" ? address.url.href : address.text;
    return new GitSource(location, shown, network, log);
  });
}

/** Compares commits by the source that has them; one that has another name is not asked. */
export function compareBy(sources: readonly GitSource[]): CompareCommits {
  const [only, ...others] = sources;
  return async (url, a, b) => {
    const source =
      url === undefined && others.length === 0
        ? only
        : sources.find(({ shown }) => url !== undefined && isSameRepository(shown, url));
    return await source?.compare(a, b);
  };
}
