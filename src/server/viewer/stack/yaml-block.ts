import { counted } from "../../../counted.ts";
import { SHOWN_YAML_CHARS, SHOWN_YAML_LINES } from "../../../viewer-limits.ts";
import { buttonLink, codeBlock, note } from "../components.ts";
import { type Html, html } from "../html.ts";
import { highlightYaml } from "./yaml-lines.ts";

/** Lines of a file, as many as a page shows. */
export interface ShownLines {
  readonly lines: readonly string[];
  readonly isCut: boolean;
}

/** Splits a file into the lines that a page shows. */
export function linesOf(text: string): ShownLines {
  const plain = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const lines = plain.slice(0, SHOWN_YAML_CHARS).replace(/\n$/, "").split("\n");
  const isCut = plain.length > SHOWN_YAML_CHARS || lines.length > SHOWN_YAML_LINES;
  return { lines: lines.slice(0, SHOWN_YAML_LINES), isCut };
}

/** Shows a devfile with its line numbers, each a link to its line. */
export function yamlBlock(text: string, download: string): Html {
  const { lines, isCut } = linesOf(text);
  const marked = highlightYaml(lines);
  const code = marked.map((line, at) => {
    const number = at + 1;
    return html`<span class="line" id="L${number}"><a href="#L${number}" data-n="${number}" aria-label="Line ${number}" tabindex="-1"></a>${line}\n</span>`;
  });
  const block = codeBlock({
    id: "devfile-yaml",
    title: html`devfile.yaml <span class="count">${counted(lines.length, "line")}</span>`,
    code,
    actions: buttonLink({ text: "Download", href: download, icon: "download", file: true }),
  });
  return html`${isCut ? note("info", "The devfile goes on; the download has all of it.") : undefined}<div class="yaml">${block}</div>`;
}
