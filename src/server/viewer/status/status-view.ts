import { counted } from "../../../counted.ts";
import type { Part } from "../../reason.ts";
import { type ChipKind, chip, externalLink, facts, note, table } from "../components.ts";
import { type Html, type HtmlValue, html, webAddress } from "../html.ts";
import { type IconName, icon } from "../icon.ts";
import { keepingUp, lookTable } from "./keeping-up.ts";
import { moment, revisionCode } from "./moment.ts";
import type { Readiness, ServedFacts, ServerStatus, ShownSource } from "./status-model.ts";
import { updateTable } from "./update-table.ts";

const READINESS: Readonly<
  Record<Readiness, { readonly kind: ChipKind; readonly icon: IconName; readonly text: string }>
> = {
  ready: { kind: "good", icon: "check", text: "All is well" },
  degraded: { kind: "warn", icon: "warning", text: "Serving, with something to mend" },
  unavailable: { kind: "bad", icon: "warning", text: "Nothing to serve yet" },
};

const PART_WORDS: Readonly<Record<Part, string>> = {
  source: "The repository of the registry",
  registry: "The registry that it is in front of",
  follow: "The registry that is followed",
  data: "The folder for what is kept",
};

/** Makes the page of the status; the script of the page puts it anew from time to time. */
export function statusMain(status: ServerStatus, root: string): Html {
  const { readiness, troubles, notes, served, updates, now } = status;
  const { kind, icon: picture, text } = READINESS[readiness];
  return html`<div id="status" data-state="${readiness}">
<div class="hero"><h1>Status</h1>
<p class="health ${kind}">${icon(picture)}<strong>${text}</strong></p>
<p class="soft with-script">This page looks again every few seconds.</p></div>
${troubles.map(({ part, text: words }) =>
  note(
    readiness === "unavailable" ? "bad" : "warn",
    html`<strong>${PART_WORDS[part]}</strong>: ${words}`,
  ),
)}
${notes.map((each) => note("info", each))}
${served && figures(served, root)}
<div class="panels">
${served === undefined ? undefined : panel("What is served", servedList(served, now))}
${panel("Keeping up", keepingUp(status))}
${panel("This server", serverList(status, root))}
</div>
${lookTable(status)}
${updateTable(updates, now)}
${served === undefined || served.sources.length === 0 ? undefined : sourceTable(served.sources)}
${otherTable(status)}</div>`;
}

function panel(title: string, content: Html): Html {
  return html`<section class="panel"><h2>${title}</h2>${content}</section>`;
}

/** How much there is, each number leading to what it counts. */
function figures({ stacks, stackVersions, samples }: ServedFacts, root: string): Html {
  const figure = (name: string, count: number, type: string, about?: Html) =>
    html`<div><dt>${name}</dt><dd><a href="${root}viewer?types=${type}">${count}</a>${about && html` ${about}`}</dd></div>`;
  return html`<dl class="figures">
${figure("Stacks", stacks, "stack", html`in ${counted(stackVersions, "version")}`)}
${figure("Samples", samples, "sample")}</dl>`;
}

function servedList(served: ServedFacts, now: Date | undefined): Html {
  const { revision, commitTime, since, isOffline } = served;
  return facts([
    ["Commit", revision && revisionCode(revision)],
    ["Committed", commitTime && moment(new Date(commitTime), now)],
    ["Served since", moment(since, now)],
    ["Offline", isOffline ? "Needs nothing from elsewhere" : undefined],
  ]);
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

function sourceTable(sources: readonly ShownSource[]): Html {
  return html`<h2>Sources</h2>${table(
    "Sources",
    ["Source", "Commit", "Committed"],
    sources.map((source): readonly HtmlValue[] => {
      const { commit_hash, commit_time } = source;
      return [
        sourceName(source),
        commit_hash === undefined
          ? html`<span class="soft">not known</span>`
          : revisionCode(commit_hash),
        commit_time === undefined
          ? html`<span class="soft">not known</span>`
          : moment(new Date(commit_time), undefined),
      ];
    }),
  )}`;
}

function sourceName({ url, isHidden }: ShownSource): HtmlValue {
  if (url === undefined) {
    return isHidden
      ? html`${icon("shield")} A repository inside a network, whose address is not told`
      : html`${icon("folder")} A folder of the machine that made the build`;
  }
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
