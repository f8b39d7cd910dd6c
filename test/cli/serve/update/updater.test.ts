import { describe, expect, test } from "bun:test";
import { packGeneration } from "../../../../src/cli/serve/generation.ts";
import { FORCED_TAG } from "../../../../src/cli/serve/registry-store.ts";
import { MemoryRegistry, type Registry } from "../../../../src/oci-client/index.ts";
import { sampleBuild } from "../../../support/sample-build.ts";
import { until } from "../../../support/until.ts";
import { updateWorld } from "../../../support/update-world.ts";

/** Gives a registry that says nothing of its tags before it is told to. */
function slowRegistry(registry: Registry, answering: Promise<void>): Registry {
  return {
    repositories: () => registry.repositories(),
    repository: (name) => {
      const repository = registry.repository(name);
      return new Proxy(repository, {
        get: (target, key) => {
          if (key !== "resolve") return Reflect.get(target, key).bind(target);
          return async (reference: string) => {
            await answering;
            return repository.resolve(reference);
          };
        },
      });
    },
  };
}

describe("Updater", () => {
  test("fetches, publishes and serves the newest commit, and asks once when nothing changed", async () => {
    const registry = new MemoryRegistry();
    const world = updateWorld(registry);
    const first = world.commit();
    expect(await world.updater.update()).toMatchObject({
      state: "updated",
      generation: first,
      changed: { added: ["go:1.0.0", "go:2.0.0"], changed: [], removed: [] },
    });
    expect(await world.served()).toBe(first);
    expect(await registry.repository("devreg/index").resolve(first)).toBeDefined();
    world.asked.length = 0;
    expect(await world.updater.update()).toEqual({
      state: "unchanged",
      reasons: [],
      generation: first,
    });
    expect(world.asked).toEqual(["latest"]);
    const second = world.commit();
    expect(await world.updater.update()).toMatchObject({
      generation: second,
      changed: { added: [], changed: ["go:2.0.0"], removed: [] },
    });
    expect(world.asked.slice(1)).toEqual(["latest", `fetch ${second}`]);
    const [last] = world.state.updates().updates;
    expect(last).toMatchObject({ state: "updated", before: first, after: second });
  });

  test("serves what it has first while the registry does not answer, and publishes it then", async () => {
    const registry = new MemoryRegistry();
    const answering = Promise.withResolvers<void>();
    const world = updateWorld(slowRegistry(registry, answering.promise));
    const updated = world.updater.update();
    await until("it serves", async () => (await world.served()) !== undefined);
    expect(world.state.updates().updates).toEqual([]);
    answering.resolve();
    const outcome = await updated;
    expect(outcome.changed?.added).toEqual(["go:1.0.0", "go:2.0.0"]);
    expect(await registry.repository("devreg/index").resolve("latest")).toBeDefined();
  });

  test("gives way then to what a registry has that answered late", async () => {
    const registry = new MemoryRegistry();
    const world = updateWorld(registry);
    const older = world.commit();
    const newer = world.commit({ parents: [older] });
    await world.updater.update();
    const answering = Promise.withResolvers<void>();
    const late = updateWorld(slowRegistry(registry, answering.promise));
    late.commit();
    const updated = late.updater.update();
    await until("it serves its own", async () => (await late.served()) === older);
    answering.resolve();
    expect((await updated).generation).toBe(newer);
    expect(await late.served()).toBe(newer);
  });

  test("fetches the commit that is asked for, and refuses one that is older", async () => {
    const world = updateWorld();
    const one = world.commit();
    await world.updater.update();
    expect(await world.served()).toBe(one);
    const three = world.commit({ parents: [one] });
    expect(await world.updater.request({ origin: "own", commit: three })).toMatchObject({
      state: "updated",
      generation: three,
    });
    const late = await world.updater.request({ origin: "own", commit: one });
    expect(late).toMatchObject({ state: "refused", generation: three });
    expect(late.reasons.join()).toContain(`${one} is older`);
    expect(await world.served()).toBe(three);
    const unknown = await world.updater.request({ origin: "own", commit: "f".repeat(40) });
    expect(unknown).toMatchObject({ state: "failed", fault: "content" });
  });

  test("takes the newest of several commits that are asked for at once, in any order", async () => {
    const world = updateWorld();
    await world.updater.update();
    const [one, two, three] = [world.commit(), world.commit(), world.commit()];
    const asked = [two, three, one, two].map((commit) =>
      world.updater.request({ origin: "own", commit }),
    );
    for (const outcome of await Promise.all(asked)) {
      expect(outcome).toMatchObject({ state: "updated", generation: three });
    }
    expect(world.asked.filter((what) => what.startsWith("fetch"))).toEqual([
      expect.any(String),
      `fetch ${three}`,
    ]);
  });

  test("believes a forge's commit where its branch does not show it yet, and no late one", async () => {
    const world = updateWorld();
    const one = world.commit();
    await world.updater.update();
    const two = world.commit({ parents: [one], moves: false });
    // Only what leads on is a push to this branch that the server is slow to show.
    const push = await world.updater.request({ origin: "github", commit: two });
    expect(push).toMatchObject({ state: "updated", generation: two });
    world.move(two);
    const late = await world.updater.request({ origin: "gitlab", commit: one });
    expect(late).toMatchObject({ state: "unchanged", generation: two });
  });

  test("follows a branch that was rewritten, but not one that was moved back", async () => {
    const world = updateWorld();
    const one = world.commit();
    const two = world.commit();
    await world.updater.update();
    const other = world.commit({ parents: [one], minute: 2 });
    expect(await world.updater.update()).toMatchObject({ state: "updated", generation: other });
    world.move(one);
    expect(await world.updater.update()).toMatchObject({ state: "refused", generation: other });
    expect(world.state.reasons()).toMatchObject([{ part: "source" }]);
    world.move(other);
    expect(await world.updater.update()).toMatchObject({ state: "unchanged" });
    expect(world.state.reasons()).toEqual([]);
    expect(two).not.toBe(other);
  });

  test("steps back by force, stays there, and goes on with the next commit", async () => {
    const registry = new MemoryRegistry();
    const world = updateWorld(registry);
    const [one, two] = [world.commit(), world.commit()];
    await world.updater.update();
    expect(await world.served()).toBe(two);
    const forced = await world.updater.request({ origin: "own", commit: one, force: true });
    expect(forced).toMatchObject({ state: "updated", generation: one });
    expect(world.state.notes()).toEqual([`stepped back to ${one}, as was asked for`]);
    expect(await registry.repository("devreg/index").resolve(FORCED_TAG)).toBeDefined();
    expect(await world.updater.update()).toMatchObject({ state: "unchanged", generation: one });
    await world.updater.poll();
    expect(await world.served()).toBe(one);
    const three = world.commit();
    await world.updater.poll();
    expect(await world.served()).toBe(three);
    expect(world.state.notes()).toEqual([]);
  });

  test("stays where another replica stepped back to, also from what it only followed", async () => {
    const registry = new MemoryRegistry();
    const [one, other] = [updateWorld(registry), updateWorld(registry)];
    const commits = [one, other].map((world) => world.commit());
    const [first = ""] = commits;
    await one.updater.update();
    await other.updater.update();
    for (const world of [one, other]) world.commit();
    await one.updater.update();
    await other.follow();
    await one.updater.request({ origin: "own", commit: first, force: true });
    await other.follow();
    expect(await other.served()).toBe(first);
    await other.updater.poll();
    expect(await other.updater.update()).toMatchObject({ state: "unchanged", generation: first });
    const resync = await other.updater.update({ samples: true });
    expect(resync).toMatchObject({ state: "unchanged", reasons: other.state.notes() });
    expect(await other.served()).toBe(first);
    const [third = ""] = [other, one].map((world) => world.commit());
    await other.updater.poll();
    expect(await other.served()).toBe(third);
    await one.follow();
    expect([await one.served(), one.state.notes()]).toEqual([third, []]);
  });

  test("does not put what was being made while another replica stepped back", async () => {
    const registry = new MemoryRegistry();
    const one = updateWorld(registry);
    let stepsBack = false;
    const other = updateWorld(registry, {
      making: async () => {
        if (!stepsBack) return;
        await other.follow();
        await one.updater.request({ origin: "own", commit: first, force: true });
        await other.follow();
      },
    });
    const [first = ""] = [one, other].map((world) => world.commit());
    await other.updater.update();
    for (const world of [one, other]) world.commit();
    await one.updater.update();
    stepsBack = true;
    const outcome = await other.updater.update();
    expect(outcome).toMatchObject({ state: "failed", fault: "registry", generation: first });
    expect(outcome.reasons.join()).toContain("stepped back meanwhile");
    expect(await other.updater.update()).toMatchObject({ state: "unchanged", generation: first });
    await one.follow();
    expect(await one.served()).toBe(first);
  });

  test("begins where somebody stepped back to, also when the registry was slow to say so", async () => {
    const registry = new MemoryRegistry();
    const [one, other] = [updateWorld(registry), updateWorld(registry)];
    const [first] = [one, other].map((world) => world.commit());
    for (const world of [one, other]) world.commit();
    await one.updater.update();
    await one.updater.request({ origin: "own", commit: first ?? "", force: true });
    expect(await other.updater.update()).toMatchObject({ state: "updated", generation: first });
    expect(other.state.isHeld).toBe(true);
    await other.updater.poll();
    expect(await other.served()).toBe(first);
  });

  test("keeps the old generation when a commit is broken, and looks at it once", async () => {
    const world = updateWorld();
    const one = world.commit();
    await world.updater.update();
    world.commit({ broken: true });
    expect(await world.updater.update()).toMatchObject({
      state: "failed",
      fault: "content",
      generation: one,
      reasons: ["stacks/go/devfile.yaml:3:1: it is broken"],
    });
    expect(await world.served()).toBe(one);
    const detail = "stacks/go/devfile.yaml:3:1: it is broken";
    expect(world.state.reasons()).toEqual([{ part: "source", kind: "broken", detail }]);
    world.asked.length = 0;
    await world.updater.poll();
    expect(world.asked).toEqual(["latest"]);
  });

  test("tries again what could not be reached", async () => {
    const world = updateWorld();
    world.fail("NETWORK");
    const stop = new AbortController();
    const trying = world.updater.keepTrying(stop.signal);
    expect(await world.updater.update()).toMatchObject({ state: "failed", fault: "source" });
    expect(world.state.reasons()).toMatchObject([{ part: "source" }]);
    world.fail(undefined);
    while ((await world.served()) === undefined) await world.updater.idle();
    stop.abort();
    await trying;
    expect(world.state.reasons()).toEqual([]);
  });

  test("serves what a registry has that is newer, and publishes while nothing is served", async () => {
    const registry = new MemoryRegistry();
    const [one, other] = [updateWorld(registry), updateWorld(registry)];
    for (const world of [one, other]) world.commit();
    const newest = one.commit();
    await one.updater.update();
    expect(await other.updater.update()).toMatchObject({ state: "updated", generation: newest });
    expect(await other.served()).toBe(newest);
  });

  test("makes it once more when samples are to be looked at, or the registry lost it", async () => {
    const registry = new MemoryRegistry();
    const world = updateWorld(registry);
    await world.updater.update();
    for (const wish of [{ samples: true }, { again: true }]) {
      world.asked.length = 0;
      expect(await world.updater.update(wish)).toMatchObject({ state: "unchanged" });
      expect(world.asked).toEqual(["latest"]);
    }
  });

  test("replaces what another source made, also where it has no order to it", async () => {
    const world = updateWorld();
    const build = await sampleBuild({
      sources: [{ url: "https://other.example/x", commit_hash: "e" }],
    });
    await world.stage.show(await packGeneration(build, { origin: "operand" }));
    const one = world.commit();
    expect(await world.updater.update()).toMatchObject({ state: "updated", generation: one });
  });
});
