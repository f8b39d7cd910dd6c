import type { ProcessEdge } from "./edge.ts";
import { EXIT, exitCodeOf, renderError } from "./report.ts";

const VERSION = new Set(["-V", "--version", "version"]);

/** Runs the command line and gives the exit code; everything that failed has been reported. */
export async function run(edge: ProcessEdge): Promise<number> {
  try {
    const [first] = edge.argv;
    if (first !== undefined && VERSION.has(first)) return printVersion(edge);
    // The tables of flags bring the libraries that check them; the version needs none.
    const { dispatch } = await import("./dispatch.ts");
    return await dispatch(edge);
  } catch (error) {
    edge.stderr.write(`${renderError(error)}\n`);
    return exitCodeOf(error);
  }
}

function printVersion({ stdout, tool }: ProcessEdge): number {
  stdout.write(`devreg ${tool.version}${tool.commit === "" ? "" : ` (${tool.commit})`}\n`);
  return EXIT.done;
}
