import { utf8 } from "../../bytes.ts";
import { describeError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { TELEMETRY_ATTEMPTS, TELEMETRY_BATCH, TELEMETRY_QUEUE } from "../../observe-limits.ts";
import type { TrackMessage } from "./track.ts";

/** What became of events. */
export type TelemetryOutcome = "sent" | "dropped" | "failed";

/** What {@link TelemetrySender} works with. */
export interface SenderParts {
  /** Posts a batch and gives the status of the answer; rejects where there was none. */
  readonly post: (body: Uint8Array) => Promise<number>;
  /** Counts events by what became of them. */
  readonly counted: (outcome: TelemetryOutcome, events: number) => void;
  /** Named in each batch. */
  readonly version: string;
  readonly now: () => Date;
  readonly id: () => string;
  readonly log: Logger;
}

/** Gathers events, drops what is too much, and sends the rest in batches. */
export class TelemetrySender {
  readonly #parts: SenderParts;
  #waiting: TrackMessage[] = [];
  #attempts = 0;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Takes an event if there is room for it. */
  offer(message: TrackMessage): void {
    if (this.#waiting.length < TELEMETRY_QUEUE) this.#waiting.push(message);
    else this.#parts.counted("dropped", 1);
  }

  /**
   * Sends what waits, batch after batch. Gives false when one could not be sent; it stays for the
   * next time, and is given up after a few of them, or when the other side will never have it.
   */
  async flush(): Promise<boolean> {
    for (let batches = 0; batches * TELEMETRY_BATCH < TELEMETRY_QUEUE; batches++) {
      const batch = this.#waiting.slice(0, TELEMETRY_BATCH);
      if (batch.length === 0) return true;
      const outcome = await this.#send(batch);
      if (outcome === undefined) return false;
      this.#waiting = this.#waiting.slice(batch.length);
      this.#attempts = 0;
      this.#parts.counted(outcome, batch.length);
    }
    return true;
  }

  /** Counts as failed what will not be sent any more. */
  giveUp(): void {
    if (this.#waiting.length > 0) this.#parts.counted("failed", this.#waiting.length);
    this.#waiting = [];
  }

  /** Gives undefined when it is worth trying again. */
  async #send(batch: readonly TrackMessage[]): Promise<"sent" | "failed" | undefined> {
    this.#attempts += 1;
    const isLast = this.#attempts >= TELEMETRY_ATTEMPTS;
    const { post, log } = this.#parts;
    try {
      const status = await post(this.#render(batch));
      if (status < 300) return "sent";
      log.warn("telemetry was not taken", { status, events: batch.length });
      const mayPass = status === 408 || status === 429 || status >= 500;
      return mayPass && !isLast ? undefined : "failed";
    } catch (error) {
      log.warn("cannot send telemetry", { events: batch.length, error: describeError(error) });
      return isLast ? "failed" : undefined;
    }
  }

  #render(batch: readonly TrackMessage[]): Uint8Array {
    const { id, now, version } = this.#parts;
    return utf8(
      JSON.stringify({
        messageId: id(),
        sentAt: now().toISOString(),
        batch,
        context: { library: { name: "devreg", version } },
      }),
    );
  }
}
