import type { MarkdownIt, RendererRule, Token } from "markdown-it";
import { type Html, trusted } from "../html.ts";

const SHIFTED_LEVELS = 2;
const LOWEST_LEVEL = 6;
/** Stands for where the files of the version are while an address is read. */
const HERE = "http://here.invalid/";
const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/**
 * Renders Markdown of strangers: its HTML is shown as text, links go to files of the version or to
 * the web, pictures are taken from this server or named only.
 *
 * @param files address of the folder of the version's files, with a slash at its end
 */
export async function renderReadme(text: string, files: string): Promise<Html> {
  return trusted((await createRenderer(files)).render(text));
}

async function createRenderer(files: string): Promise<MarkdownIt> {
  // Imported on use: few stacks have a README, and every start would wait for it.
  const { default: createMarkdown } = await import("markdown-it");
  const markdown = createMarkdown({ html: false, linkify: false, typographer: false });
  const { escapeHtml } = markdown.utils;
  markdown.validateLink = (address) => resolve(address, files) !== undefined;
  const code: RendererRule = (tokens, at) =>
    `<pre tabindex="0"><code>${escapeHtml(tokens[at]?.content ?? "")}</code></pre>`;
  Object.assign(markdown.renderer.rules, {
    link_open: (tokens, at) => {
      const address = resolve(attribute(tokens[at], "href"), files);
      const away = address?.isHere === true ? "" : ' rel="noopener noreferrer nofollow"';
      return `<a href="${escapeHtml(address?.href ?? "#")}"${away}>`;
    },
    image: (tokens, at) => {
      const address = resolve(attribute(tokens[at], "src"), files);
      const alt = escapeHtml(tokens[at]?.content ?? "");
      if (address?.isHere !== true) return `<span class="picture">${alt || "picture"}</span>`;
      return `<img src="${escapeHtml(address.href)}" alt="${alt}" loading="lazy" decoding="async">`;
    },
    heading_open: (tokens, at) => `<${headingOf(tokens[at])}>`,
    heading_close: (tokens, at) => `</${headingOf(tokens[at])}>`,
    // Alignment comes as inline style, which the policy of pages forbids.
    th_open: () => "<th>",
    td_open: () => "<td>",
    table_open: () => '<div class="table" role="region" aria-label="Table" tabindex="0"><table>',
    table_close: () => "</table></div>",
    fence: code,
    code_block: code,
  } satisfies Readonly<Record<string, RendererRule>>);
  return markdown;
}

function attribute(token: Token | undefined, name: string): string {
  return String(token?.attrGet(name) ?? "");
}

/** The page has headings of its own above those of the README. */
function headingOf(token: Token | undefined): string {
  return `h${Math.min(Number(token?.tag.slice(1) ?? 1) + SHIFTED_LEVELS, LOWEST_LEVEL)}`;
}

/** Gives where a link of a README leads; undefined for what is no address of the web. */
function resolve(
  address: string,
  files: string,
): { readonly href: string; readonly isHere: boolean } | undefined {
  if (address.startsWith("#")) return { href: "#readme", isHere: true };
  if (!URL.canParse(address, HERE)) return undefined;
  const { href, protocol } = new URL(address, HERE);
  if (href.startsWith(HERE)) return { href: `${files}${href.slice(HERE.length)}`, isHere: true };
  return SCHEMES.has(protocol) ? { href, isHere: false } : undefined;
}
