import { fetchGit } from "./fetch-git.ts";
import { openScope } from "./fetch-scope.ts";
import { fetchZip } from "./fetch-zip.ts";
import type { FetchDeps, FetchedProject, ProjectSource } from "./project.ts";

/**
 * Fetches a project, from git or as a zip archive. The same commit or archive gives the same tree.
 * What is kept on disk meanwhile is removed before it returns.
 *
 * @throws {DevregError} INPUT_INVALID for addresses and content that cannot be used; NOT_FOUND for a
 *   missing repository, revision or folder; UNAUTHORIZED; NETWORK; TIMEOUT; ABORTED; LIMIT_EXCEEDED
 *   for what is too large; UNSUPPORTED for ssh without git, Git LFS and other protocols; IO
 */
export async function fetchProject(
  source: ProjectSource,
  deps: FetchDeps,
): Promise<FetchedProject> {
  const scope = await openScope(deps);
  try {
    return source.kind === "git" ? await fetchGit(source, scope) : await fetchZip(source, scope);
  } finally {
    await scope.close();
  }
}
