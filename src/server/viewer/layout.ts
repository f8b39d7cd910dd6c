import { FONT, SCRIPT, STYLE } from "./assets.ts";
import { type Html, html } from "./html.ts";
import { type IconName, icon, mark } from "./icon.ts";
import { THEMES, type Theme } from "./theme.ts";

/** The parts of the viewer that its head leads to. */
export type Section = "home" | "artifacts" | "status";

/** What a page says of itself; everything else around it is the same on all pages. */
export interface Page {
  /** Without the name of the registry, which follows it; "" on the home page. */
  readonly title: string;
  /** One sentence, for search engines and previews of links. */
  readonly description: string;
  readonly active?: Section | undefined;
  readonly main: Html;
  /** Default 200. */
  readonly status?: number;
  /** Address below the site, as in "viewer/status"; with a public address the page names itself. */
  readonly canonical?: string | undefined;
  /** Address of a picture below the site, for previews of links. */
  readonly picture?: string | undefined;
}

/** What surrounds every page of one server. */
export interface Frame {
  /** "../" as often as leads from the page to the site; links of pages begin with it. */
  readonly root: string;
  /** Where the page is, relative to itself, with its query: what a choice of theme comes back to. */
  readonly self: string;
  readonly theme: Theme;
  /** Name of the registry. */
  readonly name: string;
  readonly publicUrl: string | undefined;
  /** Version of devreg. */
  readonly version: string;
  /** What is served: the commit, where it is known. */
  readonly revision: string | undefined;
  /** Addresses of the registry repositories that it was made from, where they have any. */
  readonly sources: readonly string[];
  /** What is worth telling of the state of the registry, though nothing is wrong. */
  readonly notes: readonly string[];
}

const KEYWORDS = "Devfile, OpenShift, Kubernetes";
const SHORT_REVISION_CHARS = 12;

const SECTIONS: readonly { section: Section; text: string; path: string; icon: IconName }[] = [
  { section: "home", text: "Catalog", path: "viewer", icon: "stack" },
  { section: "artifacts", text: "Artifacts", path: "viewer/artifacts", icon: "box" },
  { section: "status", text: "Status", path: "viewer/status", icon: "pulse" },
];

const THEME_ICONS: Readonly<Record<Theme, IconName>> = {
  system: "screen",
  light: "sun",
  dark: "moon",
};

/** Makes a whole document. Parity: clients look for its doctype, title and keywords. */
export function layout(frame: Frame, page: Page): string {
  const { root, theme } = frame;
  const asset = (name: string) => `${root}viewer/${name}`;
  return html`<!DOCTYPE html>
<html lang="en"${theme === "system" ? undefined : html` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<title>${titleOf(frame, page)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme === "system" ? "light dark" : theme}">
<meta name="keywords" content="${KEYWORDS}">
<meta name="description" content="${page.description}">
${preview(frame, page)}<link rel="icon" href="${root}favicon.svg" type="image/svg+xml">
<link rel="icon" href="${root}favicon.ico" sizes="32x32">
<link rel="stylesheet" href="${asset(STYLE.name)}">
<link rel="preload" href="${asset(FONT.name)}" as="font" type="font/woff2" crossorigin>
<script type="module" src="${asset(SCRIPT.name)}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
${head(frame, page.active)}
<main id="main" class="wrap" tabindex="-1">${page.main}</main>
${foot(frame)}
<p class="visually-hidden" role="status" id="said"></p>
</body>
</html>
`.markup;
}

function titleOf({ name }: Frame, { title }: Page): string {
  return [title, name, "Devfile Registry"].filter((part) => part !== "").join(" · ");
}

function preview(frame: Frame, { description, canonical, picture, ...page }: Page): Html {
  const { publicUrl } = frame;
  const absolute = (path: string | undefined) =>
    publicUrl === undefined || path === undefined ? undefined : `${publicUrl}/${path}`;
  const [url, image] = [absolute(canonical), absolute(picture)];
  return html`<meta property="og:type" content="website">
<meta property="og:title" content="${titleOf(frame, { ...page, description })}">
<meta property="og:description" content="${description}">
${url && html`<link rel="canonical" href="${url}">\n<meta property="og:url" content="${url}">\n`}${
  image && html`<meta property="og:image" content="${image}">\n`
}`;
}

function head({ root, name, theme, self }: Frame, active: Section | undefined): Html {
  return html`<header class="top"><div class="wrap">
<a class="brand" href="${root}viewer">${mark()}<span>${name || "Devfile Registry"}</span></a>
<nav class="sections" aria-label="Main"><ul>${SECTIONS.map(
    ({ section, text, path, icon: picture }) =>
      html`<li><a href="${root}${path}"${
        section === active ? html` aria-current="page"` : undefined
      }>${icon(picture)}<span>${text}</span></a></li>`,
  )}</ul></nav>
<nav class="themes" aria-label="Theme"><ul>${THEMES.map(
    (each) =>
      html`<li><a href="${withTheme(self, each)}" data-theme-choice="${each}" aria-label="${each} theme" title="${each} theme"${
        each === theme ? html` aria-current="true"` : undefined
      } rel="nofollow">${icon(THEME_ICONS[each])}</a></li>`,
  )}</ul></nav>
</div></header>`;
}

function withTheme(self: string, theme: Theme): string {
  return `${self}${self.includes("?") ? "&" : "?"}theme=${theme}`;
}

function foot({ root, version, notes, ...frame }: Frame): Html {
  return html`<footer class="bottom"><div class="wrap">
<p>Served by devreg ${version}${origin(frame)}</p>
<ul><li><a href="${root}v2index/all">Index</a></li><li><a href="${root}openapi.json">API</a></li><li><a href="${root}info">Info</a></li></ul>
${notes.map((text) => html`<p class="told" role="status">${text}</p>`)}
</div></footer>`;
}

function origin({ revision, sources }: Pick<Frame, "revision" | "sources">): Html {
  const from = sources.length === 0 ? "" : ` from ${sources.join(" and ")}`;
  if (revision === undefined) return html`${from}`;
  const short = revision.slice(0, SHORT_REVISION_CHARS);
  return html`${from} at <code class="revision" title="${revision}">${short}</code>`;
}
