import { openGit } from "./fetch-git.ts";
import { openScope } from "./fetch-scope.ts";
import { openZip } from "./fetch-zip.ts";
import type { FetchDeps, FetchedProject, OpenedProject, ProjectSource } from "./project.ts";

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
  const project = await openProject(source, deps);
  try {
    return await project.read(source.subDir);
  } finally {
    await project.close();
  }
}

/**
 * Fetches a project once to read several folders of it; the `subDir` of the source is not looked at.
 *
 * @throws {DevregError} as {@link fetchProject}
 */
export async function openProject(source: ProjectSource, deps: FetchDeps): Promise<OpenedProject> {
  const scope = await openScope(deps);
  try {
    const read =
      source.kind === "git" ? await openGit(source, scope) : await openZip(source, scope);
    return { read, close: () => scope.close() };
  } catch (error) {
    await scope.close();
    throw error;
  }
}
