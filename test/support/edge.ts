import { streamOf, textOf } from "../../src/bytes.ts";
import type { ProcessEdge } from "../../src/cli/index.ts";

/** A process edge that keeps what is written and never waits. */
export interface TestEdge extends ProcessEdge {
  readonly out: () => string;
  readonly err: () => string;
  readonly stop: () => void;
}

/** Makes a process edge for a command line, an environment and a folder. */
export function testEdge(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = "/",
): TestEdge {
  const out: string[] = [];
  const err: string[] = [];
  let clockMs = 0;
  const stop = new AbortController();
  return {
    argv,
    env,
    cwd,
    home: undefined,
    uid: 1001,
    stdout: { write: (text) => out.push(text), isTerminal: false, columns: 80 },
    stdin: () => streamOf(),
    writeBytes: async (bytes) => {
      out.push(textOf(bytes));
    },
    stderr: { write: (text) => err.push(text), isTerminal: false, columns: 80 },
    tool: { version: "1.2.3", commit: "abcdef012345" },
    executable: undefined,
    now: () => new Date(clockMs),
    nowMs: () => clockMs,
    random: () => 0.5,
    sleep: async (ms) => {
      clockMs += ms;
    },
    every: () => () => undefined,
    stopped: stop.signal,
    killed: new AbortController().signal,
    out: () => out.join(""),
    err: () => err.join(""),
    stop: () => stop.abort(),
  };
}
