import { randomUUID } from "node:crypto";
import type { Logger } from "../../log.ts";
import type { HttpRequest, TransportPool } from "../../net/index.ts";
import {
  TELEMETRY_FLUSH_MS,
  TELEMETRY_INTERVAL_MS,
  TELEMETRY_TIMEOUT_MS,
} from "../../observe-limits.ts";
import { createTelemetry, type Telemetry, TelemetrySender } from "../../server/index.ts";
import type { ProcessEdge } from "../edge.ts";
import type { ServeConfig } from "./modes.ts";
import { repeat } from "./repeat.ts";

/** Telemetry of a server, and the way to send it. */
export interface OpenedTelemetry extends Telemetry {
  /** Begins to send what gathers, now and then until the signal aborts. */
  start(signal: AbortSignal): void;
  /** Ends what is being sent and sends what is left, for a short while. */
  finish(): Promise<void>;
}

/** Prepares telemetry where there is a key for it; without one nothing is loaded nor sent. */
export function openTelemetry(
  edge: ProcessEdge,
  config: ServeConfig,
  counted: (outcome: "sent" | "dropped" | "failed", events: number) => void,
  log: Logger,
): OpenedTelemetry | undefined {
  const { telemetryKey, telemetryUrl, noNetwork, name } = config;
  if (telemetryKey === undefined) return undefined;
  if (noNetwork) {
    log.warn("telemetry is off", { hint: "it goes without --no-network" });
    return undefined;
  }
  let pool: Promise<TransportPool> | undefined;
  let sending: Promise<void> | undefined;
  const late = new AbortController();
  const post = async (body: Uint8Array) => {
    pool ??= openPoolFor(edge, config);
    const { send } = await pool;
    const request = batchRequest(telemetryUrl, telemetryKey, body);
    const signal = AbortSignal.any([late.signal, AbortSignal.timeout(TELEMETRY_TIMEOUT_MS)]);
    const answer = await send({ ...request, signal });
    await answer.discard();
    return answer.status;
  };
  const parts = { now: edge.now, id: randomUUID };
  const { version } = edge.tool;
  const sender = new TelemetrySender({ ...parts, post, counted, version, log });
  const offer = (message: Parameters<typeof sender.offer>[0]) => sender.offer(message);
  log.info("telemetry is on", { registry: name, to: new URL(telemetryUrl).host });
  return {
    ...createTelemetry({ ...parts, registry: name, offer }),
    start: (signal) => {
      sending = repeat(edge, TELEMETRY_INTERVAL_MS, signal, () => sender.flush());
    },
    finish: async () => {
      const deadline = AbortSignal.any([edge.killed, AbortSignal.timeout(TELEMETRY_FLUSH_MS)]);
      if (deadline.aborted) late.abort();
      else deadline.addEventListener("abort", () => late.abort(), { once: true });
      await sending;
      await sender.flush();
      sender.giveUp();
      await (await pool)?.close();
    },
  };
}

async function openPoolFor(edge: ProcessEdge, { caFile }: ServeConfig): Promise<TransportPool> {
  const { openPool } = await import("../connect.ts");
  return openPool(edge, { caFile });
}

/** Parity: the address and the form that the analytics library of the Go server uses. */
function batchRequest(url: string, key: string, body: Uint8Array): HttpRequest {
  const authorization = `Basic ${Buffer.from(`${key}:`).toString("base64")}`;
  return {
    method: "POST",
    url: new URL(`${url}/v1/batch`),
    headers: { "content-type": "application/json", authorization },
    body,
    bodyBytes: body.byteLength,
  };
}
