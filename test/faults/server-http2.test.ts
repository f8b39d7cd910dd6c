import { expect, setDefaultTimeout, test } from "bun:test";
import { connect, constants } from "node:http2";
import { attackedServer } from "../support/attacked-server.ts";

setDefaultTimeout(60_000);

const STREAMS = 5_000;

/** Opens streams and cancels each at once, until the other side has had enough. */
function floodCancelled(url: string): Promise<void> {
  return new Promise((resolve) => {
    const session = connect(url);
    session.on("error", () => resolve());
    session.on("close", () => resolve());
    let opened = 0;
    const more = () => {
      for (let count = 0; count < 200; count++) {
        if (session.closed || session.destroyed) return;
        const stream = session.request({ ":path": "/v2index/all" });
        stream.on("error", () => undefined);
        stream.close(constants.NGHTTP2_CANCEL);
      }
      opened += 200;
      if (opened < STREAMS) setImmediate(more);
      else session.close();
    };
    session.on("connect", more);
  });
}

test("a flood of cancelled HTTP/2 streams ends its connection, and nothing else", async () => {
  await using attacked = await attackedServer("--http2", "--access-log=off");
  const before = attacked.residentMib();
  for (let round = 0; round < 3; round++) {
    await floodCancelled(attacked.server.url);
    expect(await attacked.isWell()).toBe(true);
  }
  expect(attacked.residentMib() - before).toBeLessThan(100);
});
