import { TELEMETRY_TEXT_CHARS } from "../../observe-limits.ts";
import { countryOf } from "./region.ts";

/** What happened, in the words of the Go server. */
export type TrackedEvent = {
  readonly event:
    | "list devfile"
    | "view devfile"
    | "download devfile"
    | "Starter Project Downloaded";
  readonly properties: Readonly<Record<string, string>>;
};

/** One event as it is sent. Spec: Segment, HTTP API, Track. */
export interface TrackMessage extends TrackedEvent {
  readonly type: "track";
  readonly messageId: string;
  readonly userId: string;
  /** ISO 8601 */
  readonly timestamp: string;
  readonly context: {
    /** Never the client's. */
    readonly ip: "0.0.0.0";
    readonly location?: { readonly country: string };
  };
}

/** Who asks when nobody says. */
const NOBODY = "devfile-registry";
/** These count on their own side, or ask on behalf of a request that was counted. */
const UNCOUNTED_CLIENTS: ReadonlySet<string> = new Set([
  "registry-viewer",
  "openshift-console",
  "registry-library",
  "devfile-library-indirect",
]);

/** Gives the name of the client software; its header is a hint, never checked. */
export function clientOf(headers: Headers): string {
  return cut(headers.get("client") || NOBODY);
}

/** Tells whether requests with these headers are counted at all. */
export function isCounted(headers: Headers): boolean {
  // Parity: the console is known by its user, too, which is its client where none is named.
  return !UNCOUNTED_CLIENTS.has(clientOf(headers)) && userOf(headers) !== "openshift-console";
}

/** Puts an event into the form that is sent. */
export function trackMessage(
  { event, properties }: TrackedEvent,
  headers: Headers,
  { now, messageId }: { readonly now: Date; readonly messageId: string },
): TrackMessage {
  const country = countryOf(headers);
  const cutProperties = Object.entries(properties).map(([name, value]) => [name, cut(value)]);
  return {
    type: "track",
    messageId,
    userId: userOf(headers),
    event,
    timestamp: now.toISOString(),
    context: { ip: "0.0.0.0", ...(country === "" ? {} : { location: { country } }) },
    properties: { ...Object.fromEntries(cutProperties), client: clientOf(headers) },
  };
}

function userOf(headers: Headers): string {
  return cut(headers.get("user") || clientOf(headers));
}

function cut(text: string): string {
  return text.slice(0, TELEMETRY_TEXT_CHARS);
}
