import { addressIn } from "../../site/index.ts";
import { command } from "../components.ts";
import { cut } from "../cut.ts";
import { entryPath } from "../entry-link.ts";
import { type Html, html } from "../html.ts";
import { badgePath } from "./addresses.ts";
import type { UsedVersion } from "./use-it.ts";

/** Names longer than this are cut in what is written beside a picture. */
const ALT_CHARS = 100;

/** Shows the badge of an entry with what to write to show it elsewhere. */
export function badgeSnippets(root: string, { site, registry, entry }: UsedVersion): Html {
  const picture = addressIn(site, badgePath(entry));
  const page = addressIn(site, entryPath(registry, entry));
  const alt = `devfile: ${cut(entry.name, ALT_CHARS)}`;
  return html`<p><img src="${root}${badgePath(entry)}" alt="${alt}" height="20" loading="lazy"></p>
<h3>Markdown</h3>${command(`[![${escapeMarkdown(alt)}](${picture})](${page})`, "the Markdown of the badge")}
<h3>HTML</h3>${command(html`<a href="${page}"><img src="${picture}" alt="${alt}"></a>`.markup, "the HTML of the badge")}`;
}

/** Brackets would end the text; the marks of HTML would begin some. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\[\]<>*_`]/g, "\\$&");
}
