/** Markup that is safe to send: made by {@link html} or {@link trusted} only. */
export interface Html {
  readonly markup: string;
}

/** What may stand in markup: text, which is escaped, markup, lists of both, or nothing. */
export type HtmlValue = Html | string | number | undefined | readonly HtmlValue[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes markup from a template; every value that is not markup itself is escaped. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { markup: String.raw({ raw: parts }, ...values.map(render)) };
}

/** Takes markup that was made safe elsewhere; never what a stranger wrote. */
export function trusted(markup: string): Html {
  return { markup };
}

/** Gives an address that a page may link to: http(s) as it came, anything else not at all. */
export function webAddress(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === "https:" || protocol === "http:" ? href : undefined;
}

function render(value: HtmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
  if (typeof value === "number") return String(value);
  return isList(value) ? value.map(render).join("") : value.markup;
}

/** Array.isArray does not narrow readonly arrays. */
function isList(value: Html | readonly HtmlValue[]): value is readonly HtmlValue[] {
  return Array.isArray(value);
}
