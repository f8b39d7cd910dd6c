import { eachBounded } from "../concurrent.ts";
import { DevregError } from "../errors.ts";
import { SOURCE_CONCURRENCY, STACK_FILE_BYTES } from "../limits.ts";
import type { Progress } from "../progress.ts";
import { Pace } from "../turn.ts";
import { VERSIONS_IN_A_ROW } from "../turn-limits.ts";
import type { Finding } from "./findings.ts";
import { type FolderFile, type PackagedFile, packageStack } from "./package-stack.ts";
import type { PublishableStack, PublishableVersion } from "./publishable.ts";
import type { StackSource } from "./stack-source.ts";

/** The stacks that could be packaged, with their files. */
export interface PackagedStacks {
  readonly stacks: readonly PublishableStack[];
  readonly files: ReadonlyMap<PublishableVersion, readonly PackagedFile[]>;
  readonly findings: readonly Finding[];
  /** The folders of the versions that could not be packaged. */
  readonly leftOut: readonly string[];
}

/** Packages every stack version; one that cannot be is reported and left out. */
export async function packageVersions(
  source: StackSource,
  stacks: readonly PublishableStack[],
  progress: Progress,
): Promise<PackagedStacks> {
  const files = new Map<PublishableVersion, readonly PackagedFile[]>();
  const findings: Finding[] = [];
  const leftOut: string[] = [];
  const versions = stacks.flatMap((stack) => stack.versions);
  progress.total(versions.length);
  const pace = new Pace(VERSIONS_IN_A_ROW);
  await eachBounded(versions, SOURCE_CONCURRENCY, async (version) => {
    await pace.did(1);
    const { folder } = version.source;
    try {
      files.set(version, await packageStack(folderFiles(source, version)));
    } catch (error) {
      if (!(error instanceof DevregError)) throw error;
      const hint = error.hint === undefined ? {} : { hint: error.hint };
      const unreadable = error.code === "IO" || error.code === "NOT_FOUND";
      const rule = unreadable ? "unreadable-file" : "package";
      findings.push({ severity: "error", rule, file: folder, message: error.message, ...hint });
      leftOut.push(folder);
    }
    progress.done(folder);
  });
  const packaged = stacks
    .map((stack) => ({ ...stack, versions: stack.versions.filter((each) => files.has(each)) }))
    .filter((stack) => stack.versions.length > 0);
  return { stacks: packaged, files, findings, leftOut: leftOut.sort() };
}

function folderFiles(source: StackSource, { source: version }: PublishableVersion): FolderFile[] {
  return version.files.map(({ path, executable, bytes }) => ({
    path: path.slice(version.folder.length + 1),
    executable,
    // The devfile was read to be inspected; what was inspected is what is published.
    read: async () =>
      version.devfile?.path === path
        ? version.devfile.bytes
        : (bytes ?? (await source.read(path, STACK_FILE_BYTES))),
  }));
}
