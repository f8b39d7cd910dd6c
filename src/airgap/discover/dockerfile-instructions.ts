/** One instruction of a Dockerfile, its continuation lines joined. */
export interface Instruction {
  /** Where it begins, from 1. */
  readonly line: number;
  /** Without line ends and comments. */
  readonly text: string;
  /** Gives the place in the file of a place in `text`. */
  readonly offsetOf: (at: number) => number;
}

/** A comment at the top that says how to read the file: `# syntax=docker/dockerfile:1`. */
export interface Directive {
  readonly line: number;
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** Of the value in the file. */
  readonly start: number;
}

/** What a Dockerfile consists of. */
export interface DockerfileParts {
  readonly directives: readonly Directive[];
  readonly instructions: readonly Instruction[];
}

/** A line without its end. */
interface Line {
  readonly text: string;
  readonly start: number;
  readonly number: number;
}

const DIRECTIVE = /^(#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*)(\S.*)$/;
const HEREDOC = /(?:^|\s)[0-9]*<<(-?)(["']?)([A-Za-z_][A-Za-z0-9_]*)\2(?=\s|$)/g;
const TAKES_HEREDOC = /^\s*(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s/i;

/** Splits a Dockerfile into its instructions; what heredocs hold is none. */
export function readDockerfile(text: string): DockerfileParts {
  const lines = linesOf(text);
  const directives = directivesOf(lines);
  const named = directives.find(({ name }) => name === "escape")?.value;
  const mark = named === "`" ? "`" : "\\";
  const heredocs = new HeredocEnds(lines);
  const instructions: Instruction[] = [];
  let next = 0;
  while (next < lines.length) {
    const [pieces, after] = logicalLine(lines, next, mark);
    const [first] = pieces;
    next = after;
    if (first === undefined) continue;
    const instruction = join(pieces, first);
    instructions.push(instruction);
    next = heredocs.after(instruction.text, next);
  }
  return { directives, instructions };
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = text.startsWith("\ufeff") ? 1 : 0;
  while (start < text.length) {
    const at = text.indexOf("\n", start);
    const end = at < 0 ? text.length : at;
    const line = text.slice(start, end);
    lines.push({ text: line.replace(/\r$/, ""), start, number: lines.length + 1 });
    start = end + 1;
  }
  return lines;
}

/** They stand before everything else; an ordinary comment ends them. */
function directivesOf(lines: readonly Line[]): Directive[] {
  const found: Directive[] = [];
  for (const { text, start, number } of lines) {
    const match = DIRECTIVE.exec(text);
    if (match === null) break;
    const [, before = "", name = "", rest = ""] = match;
    const value = rest.trimEnd();
    found.push({ line: number, name: name.toLowerCase(), value, start: start + before.length });
  }
  return found;
}

/** Takes lines for as long as they go on; comments and empty lines between them do not count. */
function logicalLine(
  lines: readonly Line[],
  from: number,
  mark: string,
): readonly [pieces: readonly Line[], after: number] {
  const pieces: Line[] = [];
  for (let index = from; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined || /^\s*(?:#|$)/.test(line.text)) {
      if (pieces.length === 0) return [[], index + 1];
      continue;
    }
    const goesOn = continuedText(line.text, mark);
    pieces.push({ ...line, text: goesOn ?? line.text });
    if (goesOn === undefined) return [pieces, index + 1];
  }
  return [pieces, lines.length];
}

/** Gives a line without the mark at its end; undefined when there is none, or it is escaped. */
function continuedText(text: string, mark: string): string | undefined {
  const trimmed = text.trimEnd();
  if (!trimmed.endsWith(mark) || trimmed.endsWith(mark + mark)) return undefined;
  return trimmed.slice(0, -1);
}

function join(pieces: readonly Line[], first: Line): Instruction {
  const starts: number[] = [];
  let text = "";
  for (const piece of pieces) {
    starts.push(text.length);
    text += piece.text;
  }
  const offsetOf = (at: number) => {
    const index = starts.findLastIndex((start) => start <= at);
    return (pieces[index] ?? first).start + at - (starts[index] ?? 0);
  };
  return { line: first.number, text, offsetOf };
}

/** Finds the ends of heredocs; each line is looked at once, however many there are. */
class HeredocEnds {
  readonly #lines: readonly Line[];
  /** Where each text stands last, as it is and without tabs before it. */
  readonly #last = { written: new Map<string, number>(), indented: new Map<string, number>() };

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
    for (const [index, { text }] of lines.entries()) {
      this.#last.written.set(text, index);
      this.#last.indented.set(withoutTabs(text), index);
    }
  }

  /** A heredoc that nothing ends is none: rather too many instructions than too few. */
  after(text: string, from: number): number {
    if (!TAKES_HEREDOC.test(text)) return from;
    let next = from;
    for (const [, dash = "", , word = ""] of text.matchAll(HEREDOC)) {
      const isIndented = dash !== "";
      const last = (isIndented ? this.#last.indented : this.#last.written).get(word) ?? -1;
      if (last < next) return next;
      while (this.#written(next, isIndented) !== word) next += 1;
      next += 1;
    }
    return next;
  }

  #written(index: number, isIndented: boolean): string | undefined {
    const text = this.#lines[index]?.text ?? "";
    return isIndented ? withoutTabs(text) : text;
  }
}

function withoutTabs(text: string): string {
  return text.replace(/^\t+/, "");
}
