import type { BuildSource } from "../../../generator/index.ts";
import type { LastUpdate } from "../../updates/update-port.ts";
import { type ChipKind, chip, externalLink, facts, note, table } from "../components.ts";
import { type Html, type HtmlValue, html, webAddress } from "../html.ts";
import { type IconName, icon } from "../icon.ts";
import { duration } from "./ago.ts";
import type { Readiness, ServedFacts, ServerStatus, UpstreamFacts } from "./status-model.ts";

const READINESS: Readonly<
  Record<Readiness, { readonly kind: ChipKind; readonly icon: IconName; readonly text: string }>
> = {
  ready: { kind: "good", icon: "check", text: "All is well" },
  degraded: { kind: "warn", icon: "warning", text: "Serving, with something to mend" },
  unavailable: { kind: "bad", icon: "warning", text: "Nothing to serve yet" },
};

const UPDATE_WORDS: Readonly<Record<LastUpdate["state"], { kind: ChipKind; text: string }>> = {
  updated: { kind: "good", text: "Updated" },
  unchanged: { kind: "good", text: "Nothing new" },
  ignored: { kind: "good", text: "Nothing to do" },
  refused: { kind: "warn", text: "Refused" },
  failed: { kind: "bad", text: "Failed" },
};

const SHORT_REVISION_CHARS = 12;

/** Makes the page of the status; the script of the page puts it anew from time to time. */
export function statusMain(status: ServerStatus, root: string): Html {
  const { readiness, reasons, notes, served, lastUpdate, upstream, now } = status;
  const { kind, icon: picture, text } = READINESS[readiness];
  return html`<div id="status" data-state="${readiness}">
<div class="hero"><h1>Status</h1>
<p class="health ${kind}">${icon(picture)}<strong>${text}</strong></p></div>
${reasons.map((reason) => note(readiness === "unavailable" ? "bad" : "warn", reason))}
${notes.map((each) => note("info", each))}
<div class="panels">
${served === undefined ? undefined : panel("What is served", servedList(served, now, root))}
${panel("Keeping up", keepingUp(lastUpdate, upstream, now))}
${panel("This server", serverList(status, root))}
</div>
${served === undefined || served.sources.length === 0 ? undefined : sourceTable(served.sources)}
${otherTable(status)}</div>`;
}

function panel(title: string, content: Html): Html {
  return html`<section class="panel"><h2>${title}</h2>${content}</section>`;
}

function servedList(served: ServedFacts, now: Date | undefined, root: string): Html {
  const { revision, commitTime, since, stacks, stackVersions, samples, isOffline } = served;
  return facts([
    ["Commit", revision && html`<code title="${revision}">${shortRevision(revision)}</code>`],
    ["Committed", commitTime && moment(new Date(commitTime), now)],
    ["Served since", moment(since, now)],
    [
      "Stacks",
      html`<a href="${root}viewer?types=stack">${stacks}</a> in ${stackVersions} ${stackVersions === 1 ? "version" : "versions"}`,
    ],
    ["Samples", html`<a href="${root}viewer?types=sample">${samples}</a>`],
    ["Offline", isOffline ? "Needs nothing from elsewhere" : undefined],
  ]);
}

/** The name of several commits is put together from each. */
function shortRevision(revision: string): string {
  return revision.length > 40 ? revision : revision.slice(0, SHORT_REVISION_CHARS);
}

function keepingUp(
  lastUpdate: LastUpdate | undefined,
  upstream: UpstreamFacts | undefined,
  now: Date | undefined,
): Html {
  if (lastUpdate === undefined && upstream === undefined) {
    return html`<p class="soft">It serves what it was started with.</p>`;
  }
  return facts([
    ["Last update", lastUpdate && updateWords(lastUpdate, now)],
    [
      upstream?.role === "followed" ? "Follows" : "In front of",
      upstream &&
        html`an OCI registry${upstream.address && html`: <code>${upstream.address}</code>`}`,
    ],
    ["Answers of that registry", upstream && registryState(upstream)],
  ]);
}

function updateWords({ state, at }: LastUpdate, now: Date | undefined): Html {
  const { kind, text } = UPDATE_WORDS[state];
  return html`${chip(text, { kind })} ${moment(at, now)}`;
}

function registryState({ trouble }: UpstreamFacts): Html {
  return trouble === undefined ? chip("well", { kind: "good" }) : chip(trouble, { kind: "bad" });
}

function serverList({ version, served }: ServerStatus, root: string): Html {
  const links = ["readyz", "info", "health"] as const;
  return facts([
    ["devreg", version],
    ["Build made by devreg", served?.madeBy],
    [
      "For programs",
      links.map((path, at) => html`${at === 0 ? "" : ", "}<a href="${root}${path}">/${path}</a>`),
    ],
  ]);
}

function sourceTable(sources: readonly BuildSource[]): Html {
  return html`<h2>Sources</h2>${table(
    "Sources",
    ["Source", "Commit", "Committed"],
    sources.map(({ url, commit_hash, commit_time }): readonly HtmlValue[] => [
      sourceName(url),
      commit_hash && html`<code title="${commit_hash}">${shortRevision(commit_hash)}</code>`,
      commit_time && moment(new Date(commit_time), undefined),
    ]),
  )}`;
}

function sourceName(url: string | undefined): HtmlValue {
  if (url === undefined) return html`<span class="soft">Not public, or a folder</span>`;
  const href = webAddress(url);
  return href === undefined ? html`<code>${url}</code>` : externalLink({ text: url, href });
}

function otherTable({ others }: ServerStatus): Html | undefined {
  if (others.length === 0) return undefined;
  const kinds: Readonly<Record<string, ChipKind>> = { up: "good", down: "bad" };
  return html`<h2>Shown beside this registry</h2>${table(
    "Other registries",
    ["Registry", "State"],
    others.map(({ name, state }) => {
      const kind = kinds[state];
      return [name, chip(state, kind === undefined ? {} : { kind })];
    }),
  )}`;
}

function moment(time: Date, now: Date | undefined): Html {
  if (Number.isNaN(time.getTime())) return html`unknown`;
  const iso = time.toISOString();
  const shown = `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
  const ago = now && duration(now.getTime() - time.getTime());
  return html`<time datetime="${iso}">${shown}</time>${ago && html` <span class="soft">(${ago} ago)</span>`}`;
}
