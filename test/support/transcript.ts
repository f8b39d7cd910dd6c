/** One step of a page: commands with what they print, or a change of a file. */
export type Step =
  | {
      readonly kind: "command";
      readonly command: string;
      readonly exit: number;
      readonly output: string;
    }
  | { readonly kind: "change"; readonly file: string; readonly hunks: readonly Hunk[] };

/** Lines of a file, and those that take their place. */
export interface Hunk {
  readonly from: string;
  readonly to: string;
}

const BLOCK = /^```(console|diff)\n([\s\S]*?)^```$/gm;

/**
 * Reads the steps of a page: blocks of `console`, in which a command follows "$ " and may say
 * "# exits with 2" (and a here-document ends with END), and blocks of `diff` of one file each.
 */
export function readTranscript(page: string): readonly Step[] {
  return [...page.matchAll(BLOCK)].flatMap(([, kind, body = ""]): readonly Step[] =>
    kind === "console" ? commandsOf(body) : [changeOf(body)],
  );
}

function commandsOf(body: string): Step[] {
  const parts = body.split(/^\$ /m).slice(1);
  return parts.map((part) => {
    const end = part.includes("<<'END'") ? part.indexOf("\nEND\n") + 5 : part.indexOf("\n") + 1;
    const command = part.slice(0, end).trimEnd();
    const exit = Number(/# exits with (\d+)$/.exec(command)?.[1] ?? 0);
    return { kind: "command", command, exit, output: part.slice(end) };
  });
}

function changeOf(body: string): Step {
  const [head = "", ...lines] = body.trimEnd().split("\n");
  const hunks = lines
    .join("\n")
    .split(/^@@\n/m)
    .map((hunk) => {
      const all = hunk.split("\n").filter((line) => line !== "");
      const lines = (sign: string) =>
        all.filter((line) => line.startsWith(sign)).map((line) => `${line.slice(1)}\n`);
      return { from: lines("-").join(""), to: lines("+").join("") };
    });
  return { kind: "change", file: head.replace(/^--- /, ""), hunks };
}
