import { describe, expect, test } from "bun:test";
import type { Build } from "../../../src/generator/index.ts";
import { createTelemetry, type TrackMessage } from "../../../src/server/index.ts";
import { jsonOf } from "../../support/json-of.ts";
import { SAMPLE_FILES, sampleBuild } from "../../support/sample-build.ts";
import { servedApp } from "../../support/served-app.ts";

const NOW = new Date("2026-03-04T05:06:07Z");

type Asked = readonly [path: string, headers?: Record<string, string>, method?: string];

/** Asks one address after another and gives the events that came of it. */
async function eventsOf(
  build: Build | undefined,
  asked: readonly Asked[],
): Promise<readonly TrackMessage[]> {
  const events: TrackMessage[] = [];
  const telemetry = createTelemetry({
    registry: "Community",
    offer: (message) => events.push(message),
    now: () => NOW,
    id: () => "an-id",
  });
  const { send } = await servedApp({ deps: { telemetry }, ...(build && { build }) });
  for (const [path, headers = {}, method = "GET"] of asked) await send(method, path, headers);
  // Devfiles are looked up beside the request, which nobody waits for.
  await new Promise((resolve) => setTimeout(resolve));
  return events;
}

/** The same, over the sample build. */
const eventsFrom = (...asked: readonly Asked[]) => eventsOf(undefined, asked);

const names = (events: readonly TrackMessage[]): readonly unknown[][] =>
  events.map(({ event, properties }) => [event, properties]);

describe("telemetry", () => {
  test("says what the Go server says of a list", async () => {
    const headers = { client: "odo", user: "somebody", "accept-language": "de-AT" };
    expect(await eventsFrom(["/v2index/all?name=go", headers])).toEqual([
      {
        type: "track",
        messageId: "an-id",
        userId: "somebody",
        event: "list devfile",
        timestamp: "2026-03-04T05:06:07.000Z",
        context: { ip: "0.0.0.0", location: { country: "AT" } },
        properties: { type: "all", registry: "Community", client: "odo" },
      },
    ]);
  });

  test("names the client where there is no user, and the registry where there is neither", async () => {
    const events = await eventsFrom(["/index", { client: "odo" }], ["/index/sample"]);
    expect(events.map(({ userId }) => userId)).toEqual(["odo", "devfile-registry"]);
    expect(events.map(({ properties }) => properties["type"])).toEqual(["stack", "sample"]);
    expect(events[1]?.context).toEqual({ ip: "0.0.0.0" });
  });

  test("tells views, and downloads of blobs, by the name of the stack", async () => {
    const { generation } = await servedApp();
    const layers = generation.registry.repository("devfile-catalog/go");
    const { digest } = (await layers.resolve("2.0.0")) ?? {};
    const manifest = await (await servedApp()).get(`/v2/devfile-catalog/go/manifests/${digest}`);
    const { config }: { config: { digest: string } } = await jsonOf(manifest);
    const events = await eventsFrom(
      ["/devfiles/go"],
      ["/devfiles/go/2.0.0"],
      [`/v2/devfile-catalog/go/blobs/${config.digest}`],
    );
    const common = { registry: "Community", client: "devfile-registry" };
    const views = names(events).filter(([event]) => event === "view devfile");
    const view = ["view devfile", { name: "go", type: "stack", ...common }];
    expect(views).toEqual([view, view]);
    expect(names(events)).toContainEqual(["download devfile", { name: "go", ...common }]);
    expect(events).toHaveLength(3);
  });

  test("tells of starter projects that were given out", async () => {
    const devfile = `schemaVersion: 2.2.0
metadata:
  name: python
starterProjects:
  - name: flask
    zip:
      location: flask-offline.zip
`;
    const files = { ...SAMPLE_FILES, "stacks/python/3.1.0/devfile.yaml": devfile };
    const build = await sampleBuild({ files });
    const events = await eventsOf(build, [
      ["/devfiles/python-web/starter-projects/flask"],
      ["/devfiles/python-web/starter-projects/nothing"],
    ]);
    expect(names(events)).toEqual([
      [
        "Starter Project Downloaded",
        { devfile: "python-web", starterProject: "flask", client: "devfile-registry" },
      ],
    ]);
  });

  test("counts nothing for those who count themselves or ask for others", async () => {
    const events = await eventsFrom(
      ["/index", { client: "registry-viewer" }],
      ["/index", { client: "openshift-console" }],
      ["/index", { user: "openshift-console" }],
      ["/index", { client: "registry-library" }],
      ["/devfiles/go", { client: "devfile-library-indirect" }],
    );
    expect(events).toEqual([]);
  });

  test("counts nothing that was not given out", async () => {
    const events = await eventsFrom(
      ["/index", {}, "HEAD"],
      ["/index", {}, "OPTIONS"],
      ["/index/nothing"],
      ["/index?icon=gif"],
      ["/devfiles/nothing"],
      ["/devfiles/go/9.9.9"],
      ["/devfiles/go/starter-projects/nothing"],
      ["/devfiles/go/2.0.0/logo.svg"],
      ["/v2/devfile-catalog/go/blobs/sha256:0000"],
      ["/v2/devfile-catalog/go/manifests/2.0.0"],
      ["/viewer"],
      ["/health"],
    );
    expect(events).toEqual([]);
  });

  test("cuts what clients say to a bounded length", async () => {
    const [event] = await eventsFrom([
      "/index",
      { client: "c".repeat(9000), user: "u".repeat(9000) },
    ]);
    expect(event?.userId).toHaveLength(256);
    expect(event?.properties["client"]).toHaveLength(256);
  });
});
