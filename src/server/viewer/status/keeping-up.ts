import type { Look, LookedAt } from "../../updates/update-log.ts";
import { chip, facts, table } from "../components.ts";
import { type Html, type HtmlValue, html } from "../html.ts";
import { moment } from "./moment.ts";
import type { ServerStatus, UpstreamFacts } from "./status-model.ts";
import { stateChip } from "./update-table.ts";

const NAMES: Readonly<Record<LookedAt, string>> = {
  source: "The repository of the registry",
  registry: "The OCI registry",
};

/** Shows what the server keeps up with, and when something last came of it. */
export function keepingUp({ updates, lastChange, looks, upstream, now }: ServerStatus): Html {
  const [last] = updates;
  if (last === undefined && looks.length === 0 && upstream === undefined) {
    return html`<p class="soft">It serves what it was started with.</p>`;
  }
  return facts([
    ["Last update", last && html`${stateChip(last.state)} ${moment(last.began, now)}`],
    ["Last changed", lastChange && moment(lastChange, now)],
    [
      upstream?.role === "followed" ? "Follows" : "In front of",
      upstream &&
        html`an OCI registry${upstream.address && html`: <code>${upstream.address}</code>`}`,
    ],
    ["Answers of that registry", upstream && registryState(upstream)],
  ]);
}

/** Shows where the server looks for something new, and when; nothing where it does not. */
export function lookTable(status: ServerStatus): Html | undefined {
  const { looks, now, hasWebhooks } = status;
  if (looks.length === 0) return undefined;
  const untold = hasWebhooks ? "When a webhook tells it to" : "When it is started again";
  return html`<h2>Where it looks for news</h2>${table(
    "Where it looks for news",
    ["Where", "Last look", "Up to date", "Next look"],
    looks.map((look): readonly HtmlValue[] => [
      NAMES[look.of],
      look.last === undefined ? "Not yet" : moment(look.last, now),
      upToDate(look, now),
      look.next === undefined ? untold : nextLook(look.next, now),
    ]),
  )}`;
}

function upToDate({ last, upToDate: since }: Look, now: Date | undefined): Html {
  if (since === undefined) return chip("not yet", { kind: "warn" });
  if (since.getTime() === last?.getTime()) return chip("yes", { kind: "good" });
  return html`${chip("until", { kind: "warn" })} ${moment(since, now)}`;
}

function nextLook(next: Date, now: Date | undefined): Html {
  return now !== undefined && next.getTime() - now.getTime() < 1000 ? html`Now` : moment(next, now);
}

function registryState({ trouble }: UpstreamFacts): Html {
  return trouble === undefined ? chip("well", { kind: "good" }) : chip(trouble, { kind: "bad" });
}
