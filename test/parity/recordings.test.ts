import { describe, expect, test } from "bun:test";
import { servedApp } from "../support/served-app.ts";
import recordings from "./recordings.json";
import { PARITY_BUILD } from "./registry.ts";

/**
 * Answers to what the recordings of the Go server cover, for a small registry of ours. Each was
 * compared by hand with what the contract says of that answer; a change here is a change of the
 * interface.
 */
describe("recorded answers", async () => {
  const { send } = await servedApp({ build: PARITY_BUILD, config: { headless: true } });

  test.each(recordings)("$method $path $headers", async (recorded) => {
    const headers = recorded.headers === undefined ? {} : { ...recorded.headers };
    const response = await send(recorded.method, recorded.path, headers);
    expect(response.status).toBe(recorded.status);
    expect(Object.fromEntries(response.headers)).toMatchObject(recorded.response);
    expect(await response.text()).toBe(recorded.body);
  });
});
