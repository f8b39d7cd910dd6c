import { describe, expect, test } from "bun:test";
import { textOf } from "../../../src/bytes.ts";
import { silentLogger } from "../../../src/log.ts";
import {
  type TelemetryOutcome,
  TelemetrySender,
  type TrackMessage,
} from "../../../src/server/index.ts";

const MESSAGE: TrackMessage = {
  type: "track",
  messageId: "1",
  userId: "somebody",
  event: "list devfile",
  timestamp: "2026-03-04T05:06:07.000Z",
  context: { ip: "0.0.0.0" },
  properties: {},
};

function senderTo(post: () => Promise<number>, events: number) {
  const counts: Record<TelemetryOutcome, number> = { sent: 0, dropped: 0, failed: 0 };
  const bodies: { readonly batch: unknown[] }[] = [];
  const sender = new TelemetrySender({
    post: (body) => {
      bodies.push(JSON.parse(textOf(body)));
      return post();
    },
    counted: (outcome, count) => {
      counts[outcome] += count;
    },
    version: "1.2.3",
    now: () => new Date("2026-03-04T05:06:08Z"),
    id: () => "batch-1",
    log: silentLogger,
  });
  for (let count = 0; count < events; count++) sender.offer(MESSAGE);
  return { sender, counts, bodies };
}

describe("TelemetrySender", () => {
  test("sends in batches, oldest first, and names itself", async () => {
    const { sender, counts, bodies } = senderTo(async () => 200, 150);
    expect(await sender.flush()).toBe(true);
    expect(bodies.map(({ batch }) => batch.length)).toEqual([100, 50]);
    expect(bodies[0]).toMatchObject({
      messageId: "batch-1",
      sentAt: "2026-03-04T05:06:08.000Z",
      context: { library: { name: "devreg", version: "1.2.3" } },
    });
    expect(counts).toEqual({ sent: 150, dropped: 0, failed: 0 });
  });

  test("drops what there is no room for, and counts it", async () => {
    const { counts } = senderTo(async () => 200, 1_003);
    expect(counts).toEqual({ sent: 0, dropped: 3, failed: 0 });
  });

  test("tries a batch again after failures that may pass, and gives it up in the end", async () => {
    const { sender, counts, bodies } = senderTo(async () => 503, 10);
    for (let time = 1; time <= 4; time++) expect(await sender.flush()).toBe(false);
    expect(counts.failed).toBe(0);
    expect(await sender.flush()).toBe(true);
    expect(counts).toEqual({ sent: 0, dropped: 0, failed: 10 });
    expect(bodies).toHaveLength(5);
  });

  test("gives up at once what is refused", async () => {
    const { sender, counts } = senderTo(async () => 401, 10);
    expect(await sender.flush()).toBe(true);
    expect(counts.failed).toBe(10);
  });

  test("keeps what could not be sent while nobody answers", async () => {
    const answers = [() => Promise.reject(new Error("no route")), async () => 200];
    const { sender, counts } = senderTo(() => (answers.shift() ?? (async () => 200))(), 1);
    expect(await sender.flush()).toBe(false);
    expect(await sender.flush()).toBe(true);
    expect(counts).toEqual({ sent: 1, dropped: 0, failed: 0 });
  });

  test("counts what it still has when it is told to stop", () => {
    const { sender, counts } = senderTo(async () => 503, 7);
    sender.giveUp();
    expect(counts.failed).toBe(7);
  });
});
