import { counted } from "../../../counted.ts";
import type { UpdateTrigger } from "../../updates/update-log.ts";
import type { UpdateState } from "../../updates/update-port.ts";
import { type ChipKind, chip, table } from "../components.ts";
import { type Html, type HtmlValue, html } from "../html.ts";
import { moment, revisionCode } from "./moment.ts";
import type { ShownUpdate } from "./status-model.ts";

const STATES: Readonly<Record<UpdateState, { readonly kind: ChipKind; readonly text: string }>> = {
  updated: { kind: "good", text: "Updated" },
  unchanged: { kind: "good", text: "Nothing new" },
  ignored: { kind: "good", text: "Nothing to do" },
  refused: { kind: "warn", text: "Refused" },
  failed: { kind: "bad", text: "Failed" },
};

const TRIGGERS: Readonly<Record<UpdateTrigger, string>> = {
  start: "Start of the server",
  webhook: "Webhook",
  command: "Request",
  poll: "Regular look",
  resync: "Regular look at other repositories",
  retry: "Another try",
  registry: "Registry",
  folder: "Change of the folder",
};

/** Shows how the last updates went, the newest first; nothing where there were none. */
export function updateTable(
  updates: readonly ShownUpdate[],
  now: Date | undefined,
): Html | undefined {
  if (updates.length === 0) return undefined;
  return html`<h2>What happened</h2>${table(
    "Updates, the newest first",
    ["When", "Because of", "What came of it", "Took", "Commit"],
    updates.map((update): readonly HtmlValue[] => [
      moment(update.began, now),
      update.askedBy.map((trigger) => TRIGGERS[trigger]).join(", "),
      outcome(update),
      html`<span class="whole">${seconds(update.ms)}</span>`,
      commits(update),
    ]),
  )}`;
}

/** Says in one label how an update ended. */
export function stateChip(state: UpdateState): Html {
  const { kind, text } = STATES[state];
  return chip(text, { kind });
}

function outcome({ state, trouble, times, firstBegan }: ShownUpdate): Html {
  return html`${stateChip(state)}${trouble === undefined ? undefined : html` ${trouble}`}${
    times === 1
      ? undefined
      : html` <span class="soft">${counted(times, "time")} since ${moment(firstBegan, undefined)}</span>`
  }`;
}

function seconds(ms: number): string {
  if (ms < 50) return "< 0.1 s";
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

function commits({ before, after }: ShownUpdate): Html {
  if (after === undefined) return html`<span class="soft">not known</span>`;
  if (before === undefined || before === after) return revisionCode(after);
  return html`${revisionCode(before)} to ${revisionCode(after)}`;
}
