import { formatBytes } from "../../../bytes.ts";
import type { ArtifactType } from "../../artifact-type.ts";
import {
  type Artifact,
  annotationOf,
  artifactPath,
  fillAction,
  namesOf,
  type PullHost,
  type Referrer,
  referrerNames,
} from "../../artifacts/index.ts";
import { chip, command, facts } from "../components.ts";
import { type Html, type HtmlValue, html } from "../html.ts";
import { artifactIcon } from "./artifact-icon.ts";
import type { FindStack } from "./stack-finder.ts";

/** The columns of the table of artifacts. */
export const ARTIFACT_COLUMNS = ["Reference", "Type", "Size", "Action"] as const;

const TAGS_SHOWN = 6;
const PLATFORMS_SHOWN = 6;
const DIGEST_CHARS = 19;

/** Makes the cells of one artifact; what refers to it, and more of it, unfolds. */
export function artifactRow(
  artifact: Artifact,
  { from, entryOf }: { readonly from: PullHost; readonly entryOf: FindStack },
): readonly HtmlValue[] {
  const stack = entryOf(artifact);
  const names = namesOf(artifact, from);
  const { type, sizeBytes } = artifact;
  const action = fillAction(type.action, names);
  return [
    html`<div class="artifact">${nameOf(artifact, stack?.href)}${about(artifact, stack?.text)}${details(artifact, from)}</div>`,
    typeLabel(type),
    html`<span class="size">${sizeBytes === undefined ? "unknown" : formatBytes(sizeBytes)}</span>`,
    action === undefined ? undefined : command(action, `the command for ${artifactPath(artifact)}`),
  ];
}

function nameOf(artifact: Artifact, href: string | undefined): Html {
  const { repository, digest, tags } = artifact;
  const [tag, ...others] = tags;
  const end = tag === undefined ? html`@${shortDigest(digest)}` : html`:<b>${tag}</b>`;
  const name = html`<code title="${artifactPath(artifact)}">${repository}${end}</code>`;
  return html`<p class="name">${href === undefined ? name : html`<a href="${href}">${name}</a>`}</p>${
    others.length === 0 ? undefined : html`<p class="also">also ${chips(others, TAGS_SHOWN)}</p>`
  }`;
}

function about(artifact: Artifact, stackText: string | undefined): Html {
  const { platforms } = artifact;
  const own = annotationOf(artifact, "description") ?? annotationOf(artifact, "title");
  const text = own ?? stackText;
  return html`${text && html`<p class="soft said">${text}</p>`}${
    platforms.length === 0
      ? undefined
      : html`<p class="also">${chips(platforms, PLATFORMS_SHOWN)}</p>`
  }`;
}

function chips(texts: readonly string[], most: number): Html {
  const more = texts.length - most;
  return html`<span class="chips">${texts.slice(0, most).map((text) => chip(text))}${
    more > 0 ? chip(`${more} more`) : undefined
  }</span>`;
}

/** Names a type beside its picture. */
export function typeLabel({ icon, text }: Pick<ArtifactType, "icon" | "text">): Html {
  return html`<span class="kind">${artifactIcon(icon)}<span>${text}</span></span>`;
}

function details(artifact: Artifact, from: PullHost): Html {
  const { digest, mediaType, artifactType, type, subject, referrers, moreReferrers } = artifact;
  const count = referrers.length + moreReferrers;
  const scan = fillAction(type.scanAction, namesOf(artifact, from));
  return html`<details class="more"><summary>Details${
    count === 0 ? undefined : html` and ${count} ${count === 1 ? "referrer" : "referrers"}`
  }</summary>
${facts([
  ["Digest", html`<code>${digest}</code>`],
  ["Media type", html`<code>${mediaType}</code>`],
  ["Artifact type", artifactType && html`<code>${artifactType}</code>`],
  ["Says something about", subject && html`<code>${subject}</code>`],
  ["Source", annotationOf(artifact, "source")],
  ["Revision", annotationOf(artifact, "revision")],
  ["To scan it", scan && command(scan, "the command to scan it")],
])}
${count === 0 ? undefined : referrerList(artifact, from)}</details>`;
}

function referrerList(artifact: Artifact, from: PullHost): Html {
  const { referrers, moreReferrers } = artifact;
  return html`<h2 class="label">Said about it</h2>
<ul class="referrers">${referrers.map((each) => html`<li>${referrerItem(artifact, each, from)}</li>`)}${
    moreReferrers > 0 ? html`<li class="soft">and ${moreReferrers} more</li>` : undefined
  }</ul>`;
}

function referrerItem(artifact: Artifact, referrer: Referrer, from: PullHost): Html {
  const action = fillAction(referrer.type.action, referrerNames(artifact, referrer, from));
  const { digest, artifactType } = referrer;
  return html`${typeLabel(referrer.type)} <code title="${digest}">${shortDigest(digest)}</code>${
    artifactType && html` <code class="soft">${artifactType}</code>`
  }${action && command(action, "the command for what refers to it")}`;
}

function shortDigest(digest: string): string {
  return `${digest.slice(0, DIGEST_CHARS)}…`;
}
