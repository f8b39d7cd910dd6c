import { counted } from "../../../../counted.ts";
import { note } from "../../components.ts";
import { type Html, type HtmlValue, html } from "../../html.ts";
import { linesOf } from "../yaml-block.ts";
import { diffFileLines, type NumberedLine, type Run } from "./line-diff.ts";

/** Above this two lines are not looked at for the words that differ. */
const MARKED_CHARS = 500;

/** Shows two files line by line: side by side where there is room, else one after the other. */
export async function diffView(
  before: string,
  after: string,
  titles: readonly [string, string],
): Promise<Html> {
  const [one, other] = [linesOf(before), linesOf(after)];
  const runs = await diffFileLines(one.lines, other.lines);
  if (runs === undefined) {
    return note("info", "The devfiles differ too much to be shown line by line.");
  }
  if (!runs.some(({ kind }) => kind === "changed")) {
    return html`<p class="soft">The lines that are shown of both devfiles are equal.</p>`;
  }
  return html`<div class="diff" role="group" aria-label="Lines that differ">
<div class="run titles"><div>${titles[0]}</div><div>${titles[1]}</div></div>
${runs.map(showRun)}</div>${
    one.isCut || other.isCut ? note("info", "The devfiles go on.") : undefined
  }`;
}

function showRun(run: Run): Html {
  if (run.kind === "folded") {
    return html`<p class="folded">${counted(run.count, "equal line")}</p>`;
  }
  if (run.kind === "same") {
    const again = run.after.map((line) => lineOf(line, "", line.text));
    return html`<div class="run same"><div>${run.before.map((line) => lineOf(line, "", line.text))}</div><div aria-hidden="true">${again}</div></div>`;
  }
  const { before, after } = run;
  const paired = before.length === after.length;
  const old = before.map((line, at) =>
    lineOf(line, "−", paired ? markDifference(line.text, after[at]?.text ?? "") : line.text),
  );
  const now = after.map((line, at) =>
    lineOf(line, "+", paired ? markDifference(line.text, before[at]?.text ?? "") : line.text),
  );
  return html`<div class="run changed"><div class="gone">${old}</div><div class="come">${now}</div></div>`;
}

function lineOf({ number }: NumberedLine, sign: string, text: HtmlValue): Html {
  return html`<div class="diff-line"><span class="number">${number}</span><span class="sign">${sign}</span><code>${text}</code></div>`;
}

/** Marks the middle of a line: what neither its start nor its end shares with the other one. */
function markDifference(text: string, other: string): HtmlValue {
  if (text.length > MARKED_CHARS || other.length > MARKED_CHARS) return text;
  const most = Math.min(text.length, other.length);
  let start = 0;
  while (start < most && text[start] === other[start]) start += 1;
  let end = 0;
  while (end < most - start && text.at(-1 - end) === other.at(-1 - end)) end += 1;
  const middle = text.slice(start, text.length - end);
  if (start + end === 0 || middle === "") return text;
  return html`${text.slice(0, start)}<mark>${middle}</mark>${text.slice(text.length - end)}`;
}
