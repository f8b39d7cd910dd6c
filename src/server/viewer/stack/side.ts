import { chip, externalLink, facts } from "../components.ts";
import { cut } from "../cut.ts";
import { type Html, type HtmlValue, html, webAddress } from "../html.ts";
import { textAt, textOf } from "./devfile-model.ts";
import type { OpenedVersion } from "./open-version.ts";
import { addressLink } from "./starters.ts";

const DAY_CHARS = "2026-02-01".length;
/** The zero time of Go, which stands for an unknown one. */
const UNKNOWN_YEAR = "0001-";
const TAGS_SHOWN = 100;

/** Shows what is known of a version beside the page: who, where, for what. */
export function sideFacts(root: string, { entry, version, model }: OpenedVersion): Html {
  const of = version.version;
  const metadata = (key: string) => (model === undefined ? "" : textAt(model.metadata, key));
  const search = (name: string, value: string | undefined) =>
    value === undefined || value === ""
      ? undefined
      : html`<a href="${root}viewer?${name}=${encodeURIComponent(value.toWellFormed())}">${cut(value)}</a>`;
  return facts([
    ["Provider", search("providers", entry.provider || metadata("provider"))],
    ["Language", search("languages", entry.language || metadata("language"))],
    ["Project type", search("projectTypes", entry.projectType || metadata("projectType"))],
    ["Architectures", chips(of?.architectures ?? entry.architectures ?? [])],
    [
      "Tags",
      chips(
        of?.tags ?? entry.tags ?? [],
        (tag) => `${root}viewer?tags=${encodeURIComponent(tag.toWellFormed())}`,
      ),
    ],
    [
      "Capabilities",
      chips(
        capabilitiesOf({ ...entry.commandGroups, ...of?.commandGroups, ...of?.deploymentScopes }),
      ),
    ],
    ["Memory limit", cut(entry.globalMemoryLimit || metadata("globalMemoryLimit"))],
    [
      "Schema version",
      cut(of?.schemaVersion ?? (model === undefined ? "" : textAt(model.root, "schemaVersion"))),
    ],
    ["Last modified", dayOf(of?.lastModified ?? entry.lastModified)],
    ["Website", linked(metadata("website"))],
    ["Support", linked(entry.supportUrl || metadata("supportUrl"))],
    ["Licence", cut(textOf(model?.metadata.get("license")))],
  ]);
}

function chips(texts: readonly string[], hrefOf?: (text: string) => string): HtmlValue {
  if (texts.length === 0) return undefined;
  return html`<span class="chips">${texts
    .slice(0, TAGS_SHOWN)
    .map((text) => chip(cut(text), hrefOf === undefined ? {} : { href: hrefOf(text) }))}</span>`;
}

function capabilitiesOf(flags: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.entries(flags).flatMap(([name, on]) => (on ? [name] : []));
}

function linked(address: string): HtmlValue {
  if (address === "") return undefined;
  const href = webAddress(address);
  return href === undefined
    ? addressLink(address)
    : externalLink({ text: cut(new URL(href).host), href });
}

function dayOf(time: string | undefined): HtmlValue {
  const day = (time ?? "").slice(0, DAY_CHARS);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || day.startsWith(UNKNOWN_YEAR)) return undefined;
  return html`<time datetime="${day}">${day}</time>`;
}
