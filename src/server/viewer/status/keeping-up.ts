import type { Look, LookedAt } from "../../updates/update-log.ts";
import { chip, facts } from "../components.ts";
import { type Html, type HtmlValue, html } from "../html.ts";
import { moment } from "./moment.ts";
import type { ServerStatus, UpstreamFacts } from "./status-model.ts";
import { stateChip } from "./update-table.ts";

const NAMES: Readonly<Record<LookedAt, string>> = {
  source: "the source",
  registry: "the registry",
};

/** Shows what the server keeps up with: when it looked, when something changed, when it looks next. */
export function keepingUp(status: ServerStatus): Html {
  const { updates, lastChange, looks, upstream, now } = status;
  const [last] = updates;
  if (last === undefined && looks.length === 0 && upstream === undefined) {
    return html`<p class="soft">It serves what it was started with.</p>`;
  }
  return facts([
    ["Last update", last && html`${stateChip(last.state)} ${moment(last.began, now)}`],
    ["Last changed", lastChange && moment(lastChange, now)],
    ...looks.flatMap((look) => lookRows(look, status)),
    [
      upstream?.role === "followed" ? "Follows" : "In front of",
      upstream &&
        html`an OCI registry${upstream.address && html`: <code>${upstream.address}</code>`}`,
    ],
    ["Answers of that registry", upstream && registryState(upstream)],
  ]);
}

type Row = readonly [name: string, value: HtmlValue];

function lookRows({ of, last, upToDate, next }: Look, status: ServerStatus): readonly Row[] {
  const { now, hasWebhooks } = status;
  const name = NAMES[of];
  const isBehind = upToDate !== undefined && upToDate.getTime() !== last?.getTime();
  const untold = hasWebhooks ? "When a webhook tells it to" : "When it is started again";
  return [
    [`Last look at ${name}`, last && moment(last, now)],
    [`Last up to date with ${name}`, isBehind ? moment(upToDate, now) : undefined],
    [`Next look at ${name}`, next === undefined ? untold : nextLook(next, now)],
  ];
}

function nextLook(next: Date, now: Date | undefined): Html {
  return now !== undefined && next.getTime() - now.getTime() < 1000 ? html`Now` : moment(next, now);
}

function registryState({ trouble }: UpstreamFacts): Html {
  return trouble === undefined ? chip("well", { kind: "good" }) : chip(trouble, { kind: "bad" });
}
