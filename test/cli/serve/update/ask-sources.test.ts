import { describe, expect, test } from "bun:test";
import { BACKOFF_MS } from "../../../../src/limits.ts";
import { until } from "../../../support/until.ts";
import { updateWorld } from "../../../support/update-world.ts";

const at = (ms: number) => new Date(ms);

describe("askSources()", () => {
  test("tells of each look, and of one that fails as of an update that failed", async () => {
    const world = updateWorld();
    await world.updater.update({ askedBy: ["start"] });
    world.wait(1000);
    expect(await world.poll()).toBe(true);
    expect(world.state.updates()).toMatchObject({
      updates: [{ askedBy: ["start"], state: "updated" }],
      looks: [{ of: "source", last: at(1000), upToDate: at(1000) }],
    });
    world.fail("NETWORK");
    for (const _ of [1, 2]) {
      world.wait(1000);
      expect(await world.poll()).toBe(false);
    }
    expect(world.state.updates()).toMatchObject({
      updates: [
        {
          ...{ askedBy: ["poll"], state: "failed", times: 2, began: at(3000) },
          trouble: { kind: "unreachable", detail: "Cannot latest: it was to fail" },
        },
        { askedBy: ["start"], state: "updated" },
      ],
      lastChange: at(0),
      looks: [{ of: "source", last: at(3000), upToDate: at(1000), next: undefined }],
    });
  });

  test("is well again when the sources answer again, though nothing moved", async () => {
    const world = updateWorld();
    await world.updater.update();
    world.fail("NETWORK");
    await world.poll();
    expect(world.state.reasons()).toMatchObject([{ part: "source", kind: "unreachable" }]);
    world.fail(undefined);
    await world.poll();
    expect(world.state.reasons()).toEqual([]);
  });

  test("says again that a commit is broken when the sources answer again", async () => {
    const world = updateWorld();
    await world.updater.update();
    world.commit({ broken: true });
    await world.poll();
    const broken = world.state.reasons();
    expect(broken).toMatchObject([{ part: "source", kind: "broken" }]);
    world.fail("NETWORK");
    await world.poll();
    expect(world.state.reasons()).toMatchObject([{ part: "source", kind: "unreachable" }]);
    world.fail(undefined);
    world.wait(1000);
    await world.poll();
    expect(world.state.reasons()).toEqual(broken);
    const [look] = world.state.updates().looks;
    expect(look).toMatchObject({ last: at(1000), upToDate: at(0) });
  });

  test("updates by what moved, and says what asked for it and what became of it", async () => {
    const world = updateWorld();
    await world.updater.update({ askedBy: ["start"] });
    const moved = world.commit();
    await world.poll();
    const broken = world.commit({ broken: true });
    await world.updater.request({ origin: "github", commit: broken });
    await world.updater.request({ origin: "own", commit: "f".repeat(40) });
    const { updates } = world.state.updates();
    expect(updates).toMatchObject([
      { askedBy: ["command"], state: "failed", trouble: { kind: "missing" } },
      {
        ...{ askedBy: ["webhook"], state: "failed", before: moved, after: moved },
        trouble: { kind: "broken", detail: "stacks/go/devfile.yaml:3:1: it is broken" },
      },
      { askedBy: ["poll"], state: "updated", after: moved },
      { askedBy: ["start"], state: "updated", before: undefined },
    ]);
  });

  test("does not call a server up to date that stays behind as was asked for", async () => {
    const world = updateWorld();
    const [one] = [world.commit(), world.commit()];
    await world.updater.update();
    await world.updater.request({ origin: "own", commit: one ?? "", force: true });
    world.wait(1000);
    await world.poll();
    const [look] = world.state.updates().looks;
    expect(look).toMatchObject({ last: at(1000), upToDate: at(0) });
  });
});

describe("Updater.keepTrying()", () => {
  test("tells when it tries next, and of that as of another try", async () => {
    const planned: (Date | undefined)[] = [];
    const world = updateWorld(undefined, {
      making: async () => {
        planned.push(world.state.updates().looks[0]?.next);
      },
    });
    world.fail("NETWORK");
    const stop = new AbortController();
    await world.updater.update({ askedBy: ["start"] });
    world.fail(undefined);
    const trying = world.updater.keepTrying(stop.signal);
    await until("it serves", async () => (await world.served()) !== undefined);
    stop.abort();
    await trying;
    expect(planned).toEqual([at(BACKOFF_MS * 0.75)]);
    const { updates, looks } = world.state.updates();
    expect(updates.map(({ askedBy, state }) => [askedBy[0], state])).toEqual([
      ["retry", "updated"],
      ["start", "failed"],
    ]);
    expect(looks).toMatchObject([{ next: undefined }]);
  });
});
