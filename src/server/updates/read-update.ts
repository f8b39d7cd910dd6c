import { textOf } from "../../bytes.ts";
import { parseUpdateBody } from "../contract/index.ts";
import { chooseSource } from "./choose-source.ts";
import { type ForgePush, parsePush } from "./forge-push.ts";
import type { UpdateRequest, UpdateSource } from "./update-port.ts";

/** What a request that is believed asks for. */
export type ReadUpdate =
  | { readonly kind: "update"; readonly update: UpdateRequest }
  /** Nothing to do: another event, another branch. */
  | { readonly kind: "ignored"; readonly reason: string }
  | { readonly kind: "refused"; readonly status: 400 | 415 | 422; readonly reason: string };

type Forge = "github" | "gitlab";

const EVENT_HEADERS = { github: "x-github-event", gitlab: "x-gitlab-event" };
const PUSH_EVENTS = { github: ["push"], gitlab: ["Push Hook", "Tag Push Hook"] };

/** Reads a request whose signature is right. */
export function readUpdate(
  origin: UpdateRequest["origin"],
  headers: Headers,
  body: Uint8Array,
  sources: readonly UpdateSource[],
): ReadUpdate {
  if (origin !== "own" && !isPushEvent(origin, headers)) {
    return { kind: "ignored", reason: `${eventOf(origin, headers)} is no push` };
  }
  const text = jsonTextOf(headers.get("content-type") ?? "", textOf(body), origin);
  if (text === undefined) {
    return { kind: "refused", status: 415, reason: "Cannot read the request: it should be JSON" };
  }
  const payload = parseJson(text);
  if (payload === undefined) {
    return { kind: "refused", status: 400, reason: "Cannot read the request: it is no JSON" };
  }
  return origin === "own" ? readOwn(payload.value) : readPush(origin, payload.value, sources);
}

function readOwn(value: unknown): ReadUpdate {
  const { body, fault } = parseUpdateBody(value);
  if (fault !== undefined) return { kind: "refused", status: 400, reason: fault };
  const { commit, stacks, ...flags } = body;
  return {
    kind: "update",
    update: {
      origin: "own",
      ...(commit === undefined ? {} : { commit: commit.toLowerCase() }),
      ...(stacks === undefined ? {} : { stacks: [...new Set(stacks)].sort() }),
      ...flags,
    },
  };
}

function readPush(origin: Forge, payload: unknown, sources: readonly UpdateSource[]): ReadUpdate {
  const push = parsePush(origin, payload);
  if (push === undefined) {
    return {
      kind: "refused",
      status: 400,
      reason: "Cannot read the push: it has no ref or commit",
    };
  }
  const chosen = chooseSource(push, sources);
  switch (chosen.kind) {
    case "other-repository":
      return { kind: "refused", status: 422, reason: chosen.reason };
    case "other-reference":
      return { kind: "ignored", reason: chosen.reason };
    case "source":
      if (push.commit === undefined) {
        return { kind: "ignored", reason: `${push.ref} was deleted` };
      }
      return { kind: "update", update: updateOf(origin, push, push.commit, chosen.source) };
  }
}

function updateOf(
  origin: Forge,
  { ref: pushed, stacks }: ForgePush,
  commit: string,
  { url, ref }: UpdateSource,
): UpdateRequest {
  return {
    origin,
    repository: url,
    ...(ref === undefined ? {} : { ref }),
    // What a forge names for a tag may be the tag itself, not the commit that it stands for.
    ...(pushed.startsWith("refs/heads/") ? { commit } : {}),
    stacks,
  };
}

function eventOf(origin: Forge, headers: Headers): string {
  return `"${(headers.get(EVENT_HEADERS[origin]) ?? "").slice(0, 64)}"`;
}

function isPushEvent(origin: Forge, headers: Headers): boolean {
  return PUSH_EVENTS[origin].includes(headers.get(EVENT_HEADERS[origin]) ?? "");
}

/** Gives the JSON of a body; GitHub may send it as the one field of a form. */
function jsonTextOf(
  contentType: string,
  text: string,
  origin: UpdateRequest["origin"],
): string | undefined {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase();
  if (type === "application/json") return text;
  if (type !== "application/x-www-form-urlencoded" || origin !== "github") return undefined;
  return new URLSearchParams(text).get("payload") ?? undefined;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
