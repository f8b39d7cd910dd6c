/** How the git program is run: with nothing on its standard input. */
export interface RunGitOptions {
  readonly cwd: string;
  /** Added to the environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** The most that it may print; it is ended when it prints more. */
  readonly limitBytes: number;
  readonly signal?: AbortSignal;
}

/** Runs the git program to its end; the arguments come without its own name. */
export type RunGit = (
  args: readonly string[],
  options: RunGitOptions,
) => Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
