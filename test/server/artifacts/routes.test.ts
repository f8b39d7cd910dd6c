import { describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { createLayout, MemoryRegistry } from "../../../src/oci-client/index.ts";
import type { ArtifactListing } from "../../../src/server/artifacts/index.ts";
import { ArtifactListingSchema } from "../../../src/server/artifacts/index.ts";
import { jsonOf } from "../../support/json-of.ts";
import { artifactWith, pushMixedArtifacts } from "../../support/mixed-artifacts.ts";
import { pushGraph } from "../../support/sample-content.ts";
import { pushImage } from "../../support/sample-image.ts";
import { servedApp } from "../../support/served-app.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const HOST = { host: "reg.example:5000" };

async function mixed(publicUrl?: string) {
  const registry = new MemoryRegistry();
  const { image } = await pushMixedArtifacts(registry);
  const { get } = await servedApp({ deps: { registry }, config: { publicUrl } });
  const list = async (query = ""): Promise<ArtifactListing> =>
    jsonOf(await get(`/artifacts${query}`, HOST));
  return { registry, image, get, list };
}

describe("GET /artifacts", () => {
  test("lists what a build has: stacks by version and the index", async () => {
    const { get } = await servedApp();
    const { total, artifacts, types, complete }: ArtifactListing = await jsonOf(
      await get("/artifacts", HOST),
    );
    expect(complete).toBe(true);
    expect(total).toBe(artifacts.length);
    expect(types.map(({ id }) => id)).toContain("devfile-stack");
    const go = artifacts.find(({ repository }) => repository === "devfile-catalog/go");
    expect(go).toMatchObject({
      reference: `reg.example:5000/devfile-catalog/go:${go?.tags[0]}`,
      action: `oras pull --plain-http reg.example:5000/devfile-catalog/go:${go?.tags[0]}`,
      type: { id: "devfile-stack" },
      scan: { kind: "files", reference: `reg.example:5000/devfile-catalog/go@${go?.digest}` },
    });
  });

  test("tells type, size, platforms, action and what refers to each", async () => {
    const { image, list } = await mixed();
    const listing = await list();
    expect(Value.Errors(ArtifactListingSchema, listing).First()).toBeUndefined();
    expect(listing.artifacts.map(({ reference, type }) => [reference, type.id])).toEqual([
      ["reg.example:5000/charts/web:1.2.3", "helm-chart"],
      ["reg.example:5000/mixed/bundle:1.0", "cnab"],
      ["reg.example:5000/mixed/module:1.0", "arm-template"],
      ["reg.example:5000/mixed/odd:1.0", "unknown"],
      ["reg.example:5000/mixed/task:1.0", "ecs-task"],
      ["reg.example:5000/mixed/wasm:1.0", "wasm"],
      ["reg.example:5000/team/app:2.1.0", "container-image"],
    ]);
    const app = listing.artifacts.at(-1);
    const below = new Map(
      [...image.below, image.root].map(({ descriptor: { digest, size } }) => [digest, size]),
    );
    expect(app).toMatchObject({
      tags: ["2.1.0", "latest"],
      digest: image.root.descriptor.digest,
      sizeBytes: below.values().reduce((sum, size) => sum + size, 0),
      platforms: ["linux/amd64", "linux/arm64"],
      action: "docker pull reg.example:5000/team/app:2.1.0",
    });
    expect(app?.referrers.map(({ type }) => type.id).sort()).toEqual([
      "cosign-signature",
      "notation-signature",
      "sbom",
    ]);
    const pinned = `reg.example:5000/team/app@${image.root.descriptor.digest}`;
    const actions = app?.referrers.map(({ action }) => action);
    expect(actions).toContain(`cosign verify --key cosign.pub ${pinned}`);
    expect(actions).toContain(`notation verify ${pinned}`);
  });

  test("tells a scanner what to scan, and how", async () => {
    const { image, list } = await mixed();
    const { artifacts } = await list("?scan=image");
    const pinned = `reg.example:5000/team/app@${image.root.descriptor.digest}`;
    expect(artifacts.map(({ scan }) => scan)).toEqual([
      { kind: "image", reference: pinned, command: `trivy image ${pinned}` },
    ]);
  });

  test("narrows down by type and name, and counts by type", async () => {
    const { list } = await mixed();
    const names = async (query: string) =>
      (await list(query)).artifacts.map(({ repository }) => repository);
    expect(await names("?type=cnab&type=wasm")).toEqual(["mixed/bundle", "mixed/wasm"]);
    expect(await names("?name=WEB")).toEqual(["charts/web"]);
    expect(await names("?name=app:2")).toEqual(["team/app"]);
    expect(await names("?type=nothing-of-this")).toEqual([]);
    const { types } = await list("?name=mixed");
    expect(types.find(({ id }) => id === "cnab")?.count).toBe(1);
    expect(types.find(({ id }) => id === "helm-chart")?.count).toBe(0);
  });

  test("pages", async () => {
    const { list } = await mixed();
    const first = await list("?n=5&name=e&type=cnab&type=helm-chart&type=wasm");
    expect(first).toMatchObject({ total: 3, page: 1, pages: 1 });
    const page = await list("?n=3");
    expect(page).toMatchObject({ total: 7, pages: 3, next: "?n=3&page=2" });
    expect((await list("?n=3&page=3")).artifacts.length).toBe(1);
    expect((await list("?n=3&page=9")).artifacts).toEqual([]);
  });

  test.each(["?scan=all", "?n=0", "?n=1001", "?page=0", `?name=${"x".repeat(300)}`])(
    "refuses %s",
    async (query) => {
      const { get } = await mixed();
      expect((await get(`/artifacts${query}`, HOST)).status).toBe(400);
    },
  );

  test("keeps answers that name the host of the request apart, and refuses one that is none", async () => {
    const { get } = await mixed();
    expect((await get("/artifacts", HOST)).headers.get("cache-control")).toContain("private");
    expect((await get("/artifacts", { host: "<script>" })).status).toBe(400);
    const { get: ask } = await mixed("https://devfiles.example/base");
    const answer = await ask("/artifacts", HOST);
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    expect(await answer.text()).toContain('"devfiles.example/team/app:2.1.0"');
  });

  test("lists what a layout has under its digest alone, but not what refers to it twice", async () => {
    const folder = await temporaryFolder();
    try {
      const layout = await createLayout(folder.path);
      const repository = layout.repository("mirrored/tool");
      const graph = artifactWith({ configType: "application/vnd.oci.image.config.v1+json" });
      await pushGraph(repository, graph);
      const subject = graph.root.descriptor;
      const sbom = artifactWith({ artifactType: "application/spdx+json", subject });
      await pushGraph(repository, sbom);
      const { get } = await servedApp({ deps: { registry: layout } });
      const { artifacts }: ArtifactListing = await jsonOf(await get("/artifacts", HOST));
      const reference = `reg.example:5000/mirrored/tool@${subject.digest}`;
      expect(artifacts.map((each) => [each.reference, each.action])).toEqual([
        [reference, `docker pull ${reference}`],
      ]);
      expect(artifacts[0]?.referrers.map(({ type }) => type.id)).toEqual(["sbom"]);
    } finally {
      await folder.remove();
    }
  });

  test("shows so many tags and referrers of one, and counts the rest", async () => {
    const registry = new MemoryRegistry();
    const many = registry.repository("many");
    const graph = artifactWith({});
    await pushImage(many, "1.0.0", graph);
    for (let at = 0; at < 30; at += 1) await many.tag(graph.root.descriptor, `t${at}`);
    for (let at = 0; at < 60; at += 1) {
      const subject = graph.root.descriptor;
      await pushGraph(many, artifactWith({ text: String(at), artifactType: "a/b", subject }));
    }
    const { get } = await servedApp({ deps: { registry } });
    const { artifacts }: ArtifactListing = await jsonOf(await get("/artifacts", HOST));
    const [only] = artifacts;
    expect([only?.tags.length, only?.tags[0]]).toEqual([20, "1.0.0"]);
    expect([only?.referrers.length, only?.moreReferrers]).toEqual([50, 10]);
  });

  test("shows what it cannot read as unknown, and attached things without their subject", async () => {
    const registry = new MemoryRegistry();
    const alone = artifactWith({ layerType: "application/vnd.dev.cosign.simplesigning.v1+json" });
    await pushImage(registry.repository("alone"), `sha256-${"a".repeat(64)}.sig`, alone);
    const { get } = await servedApp({ deps: { registry } });
    const { artifacts }: ArtifactListing = await jsonOf(await get("/artifacts", HOST));
    expect(artifacts.map(({ type, tags }) => [type.id, tags.length])).toEqual([
      ["cosign-signature", 1],
    ]);
  });
});
