import { expect, setDefaultTimeout, test } from "bun:test";
import { jsonOf } from "../support/json-of.ts";
import { liveWorld, requestUpdate, servedStacks, stackFiles } from "../support/live-world.ts";
import { smallVolume } from "../support/small-volume.ts";
import { until } from "../support/until.ts";

// Whole processes, and many updates.
setDefaultTimeout(120_000);

test("a disk that old generations fill is tidied before it is called full", async () => {
  await using world = await liveWorld();
  await using volume = await smallVolume(640 * 1024);
  const flags = ["--source", world.source, "--webhook-secret-file", world.secretFile];
  const server = await world.serve(...flags, "--data-dir", volume.path);
  await until("it serves", async () => (await servedStacks(server)).length === 2);
  for (let update = 0; update < 40; update++) {
    await world.commit(stackFiles("alpha", `update ${update}`));
    expect(await requestUpdate(server)).toMatchObject({ state: "updated" });
  }
  const { reasons } = await jsonOf(await fetch(`${server.url}/readyz`));
  expect(reasons).toEqual([]);
  await server.stop();
  await world.stopGit();
  const again = await world.serve(...flags, "--data-dir", volume.path);
  expect(await servedStacks(again)).toEqual(["alpha update 39", "beta first"]);
});
