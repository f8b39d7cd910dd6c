/** One file of a version folder. */
export interface FolderFile {
  /** Relative to the version folder, parts joined by "/". */
  readonly path: string;
  readonly executable: boolean;
  read(): Promise<Uint8Array>;
}

/** One file of a packaged version folder, or of another flat folder of a build. */
export interface PackagedFile {
  /** A single path part, except below icons/. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Gives the file names that packaging leaves in a version folder, sorted bytewise. */
export function resourceNames(paths: readonly string[]): readonly string[] {
  throw new Error(`not packaged yet: ${paths.length}`);
}

/** Packages a version folder; the same files always give the same bytes. */
export async function packageStack(files: readonly FolderFile[]): Promise<readonly PackagedFile[]> {
  throw new Error(`not packaged yet: ${files.length}`);
}
