/** Thrown where a text is not plain enough to be read without the whole of YAML. */
export class NotPlain extends Error {}

/** Made once: where it is thrown does not matter, and a trace of the calls is costly. */
const NOT_PLAIN = new NotPlain("not plain YAML");

/**
 * Gives up on a text.
 *
 * @throws {NotPlain} always
 */
export function giveUp(): never {
  throw NOT_PLAIN;
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const HASH = 0x23;
const PERCENT = 0x25;
const DASH = 0x2d;
const MARKERS = ["---", "..."];

/** A place in a text that is read once, from its start to its end and line by line. */
export class PlainCursor {
  readonly text: string;
  at = 0;
  /** The column, from 0, of the first thing on the line read last; -1 behind all lines. */
  column = -1;
  /** True when what was read last was a key: its colon is behind us. */
  isBehindKey = false;
  #lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Where the line that is read begins. */
  get lineStart(): number {
    return this.#lineStart;
  }

  /** True behind all lines. */
  get isDone(): boolean {
    return this.column < 0;
  }

  /** Tells whether no more than a line break comes at an offset. */
  isLineEnd(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === LF || code === CR || at >= this.text.length;
  }

  /** Tells whether a space or the end of the line comes at an offset. */
  isGap(at: number): boolean {
    return this.text.charCodeAt(at) === SPACE || this.isLineEnd(at);
  }

  /** True where the item of a block list begins. */
  get isItem(): boolean {
    return this.text.charCodeAt(this.at) === DASH && this.isGap(this.at + 1);
  }

  /** True where nothing but a comment comes on the line; what came before it was a space. */
  get isAtRest(): boolean {
    return this.text.charCodeAt(this.at) === HASH || this.isLineEnd(this.at);
  }

  skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at += 1;
  }

  /** Leaves a line that has nothing more than a comment, and goes to the next that has. */
  finishLine(): void {
    this.toLine(this.endLine());
  }

  /** Leaves a line that has nothing more than a comment; gives where the next one begins. */
  endLine(): number {
    const start = this.at;
    this.skipSpaces();
    if (!this.isLineEnd(this.at)) {
      if (this.at === start || this.text.charCodeAt(this.at) !== HASH) giveUp();
    }
    return this.#nextLine();
  }

  /** Goes to the first thing that is no comment, from the start of a line on. */
  toLine(lineStart: number): void {
    this.at = lineStart;
    while (this.at < this.text.length) {
      this.#lineStart = this.at;
      this.skipSpaces();
      const code = this.text.charCodeAt(this.at);
      if (code === TAB) giveUp();
      if (code !== HASH && !this.isLineEnd(this.at)) {
        this.column = this.at - this.#lineStart;
        if (this.column === 0) this.#refuseMarkers(code);
        return;
      }
      this.at = this.#nextLine();
    }
    this.column = -1;
  }

  #nextLine(): number {
    const end = this.text.indexOf("\n", this.at);
    return end < 0 ? this.text.length : end + 1;
  }

  #refuseMarkers(code: number): void {
    if (code === PERCENT || MARKERS.some((each) => this.text.startsWith(each, this.at))) giveUp();
  }
}
