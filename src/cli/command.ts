import type { ProcessEdge } from "./edge.ts";
import type { Flags, FlagValues } from "./flag.ts";

/** What a command is called with: checked flags and the words that are no flags. */
export interface Invocation<F extends Flags> {
  readonly config: FlagValues<F>;
  readonly operands: readonly string[];
}

/** One command as data: help, checks and documentation tables come from it. */
export interface Command<F extends Flags = Flags> {
  readonly name: string;
  readonly summary: string;
  /** The operands as help shows them: "REPO…". */
  readonly operands: string;
  /** How many operands it takes. */
  readonly arity: { readonly min: number; readonly max: number };
  readonly flags: F;
  readonly examples: readonly string[];
  /** Paragraphs below the flags in help. */
  readonly notes?: readonly string[];
  /** Runs it and gives the exit code. */
  readonly run: (edge: ProcessEdge, invocation: Invocation<F>) => Promise<number>;
}

/** Ties a command's flags to its `run`, and forgets the tie for the list of commands. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  return {
    ...command,
    run: (edge, { config, operands }) =>
      // The values were parsed by the very table that F is the type of.
      command.run(edge, { config: config as FlagValues<F>, operands }),
  };
}
