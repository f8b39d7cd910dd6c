import type { GitProjectSource } from "./fetch/index.ts";
import type { Git } from "./index-schema.ts";

/**
 * Reads where an index, or stack.yaml, says that a project is; `url` is the older form of a single
 * remote.
 */
export function gitProjectOf(git: Git): GitProjectSource {
  const { remotes, url, remoteName, subDir, revision } = git;
  const checkoutFrom = {
    ...(remoteName === undefined ? {} : { remote: remoteName }),
    ...(revision === undefined ? {} : { revision }),
  };
  return {
    kind: "git",
    remotes: remotes ?? (url === undefined ? {} : { [remoteName ?? "origin"]: url }),
    ...(Object.keys(checkoutFrom).length === 0 ? {} : { checkoutFrom }),
    ...(subDir === undefined ? {} : { subDir }),
  };
}
