import { partsBelow } from "../http/index.ts";
import { findDevfile } from "../rest/devfile-lookup.ts";
import type { PreparedGeneration } from "../served.ts";
import { isCounted, type TrackedEvent, type TrackMessage, trackMessage } from "./track.ts";

/** A request that was answered, as far as telemetry looks at it. */
export interface CountedRequest {
  readonly request: Request;
  /** Without the base path, escapes as they came. */
  readonly path: string;
  readonly status: number;
}

/** Counts what clients do. It never throws and nobody waits for it. */
export interface Telemetry {
  answered(counted: CountedRequest, generation: PreparedGeneration | undefined): void;
}

/** What {@link createTelemetry} works with. */
export interface TelemetryDeps {
  /** The name of the registry that events carry. */
  readonly registry: string;
  /** Takes an event for sending, at once and without failing. */
  readonly offer: (message: TrackMessage) => void;
  readonly now: () => Date;
  readonly id: () => string;
}

const LISTS = /^\/(?:v2)?index(?:\/(stack|sample|all))?$/;
const DEVFILES = "/devfiles/";
const BLOB = /^\/v2\/[^/]+\/([^/]+)\/blobs\/[^/]+$/;
const REPRESENTED: ReadonlySet<number> = new Set([200, 206, 304, 307]);
const ACCEPTED = 202;

/** Makes the counter of what clients do, by the rules of the Go server. */
export function createTelemetry({ registry, offer, now, id }: TelemetryDeps): Telemetry {
  const send = (event: TrackedEvent, { headers }: Request) =>
    offer(trackMessage(event, headers, { now: now(), messageId: id() }));
  return {
    answered: (counted, generation) => {
      const { request, path } = counted;
      if (request.method !== "GET" || !isCounted(request.headers)) return;
      const direct = listed(counted, registry) ?? downloaded(counted, registry);
      if (direct !== undefined) send(direct, request);
      else if (path.startsWith(DEVFILES) && generation !== undefined) {
        void seen(counted, generation, registry).then(
          (event) => event && send(event, request),
          // A build that cannot be read shows elsewhere; an event less harms nobody.
          () => undefined,
        );
      }
    },
  };
}

function listed({ path, status }: CountedRequest, registry: string): TrackedEvent | undefined {
  const match = LISTS.exec(path);
  if (match === null || !REPRESENTED.has(status)) return undefined;
  return { event: "list devfile", properties: { type: match[1] ?? "stack", registry } };
}

function downloaded({ path, status }: CountedRequest, registry: string): TrackedEvent | undefined {
  const [, name] = BLOB.exec(path) ?? [];
  if (name === undefined || !REPRESENTED.has(status)) return undefined;
  return { event: "download devfile", properties: { name, registry } };
}

async function seen(
  { path, status }: CountedRequest,
  { build }: PreparedGeneration,
  registry: string,
): Promise<TrackedEvent | undefined> {
  const parts = partsBelow(DEVFILES, path);
  const target = parts && (await findDevfile(build, parts, {}));
  if (target?.kind === "starter" && status === ACCEPTED) {
    const properties = { devfile: target.place.entry.name, starterProject: target.project };
    return { event: "Starter Project Downloaded", properties };
  }
  if (target?.kind !== "devfile" || !REPRESENTED.has(status)) return undefined;
  const { name, type = "" } = target.place.entry;
  return { event: "view devfile", properties: { name, type, registry } };
}
