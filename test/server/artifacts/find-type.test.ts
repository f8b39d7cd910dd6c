import { describe, expect, test } from "bun:test";
import type { ArtifactType, TypeFacts } from "../../../src/server/artifact-type.ts";
import { createFindType, joinTypes } from "../../../src/server/artifacts/find-type.ts";
import { SHIPPED_TYPES } from "../../../src/server/artifacts/shipped-types.ts";

const IMAGE_CONFIG = "application/vnd.oci.image.config.v1+json";
const EMPTY = "application/vnd.oci.empty.v1+json";
const OWN: ArtifactType = {
  id: "policy",
  text: "Policy",
  icon: "template",
  match: ["application/vnd.example.policy*"],
  scan: "none",
};

describe("createFindType()", () => {
  const find = createFindType(joinTypes([]));

  test.each<[string, TypeFacts]>([
    ["container-image", { configType: IMAGE_CONFIG }],
    ["container-image", { configType: "application/vnd.docker.container.image.v1+json" }],
    ["container-image", { mediaType: "application/vnd.oci.image.index.v1+json" }],
    ["helm-chart", { configType: "application/vnd.cncf.helm.config.v1+json" }],
    ["cnab", { configType: "application/vnd.cnab.config.v1+json" }],
    ["arm-template", { artifactType: "application/vnd.ms.bicep.module.artifact" }],
    ["arm-template", { configType: "application/vnd.microsoft.arm.template.config.v1+json" }],
    ["ecs-task", { configType: "application/vnd.aws.ecs.task.v1+json" }],
    ["devfile-stack", { configType: "application/vnd.devfileio.devfile.config.v2+json" }],
    ["registry-index", { artifactType: "application/vnd.devreg.index.v1+json" }],
    ["sbom", { artifactType: "application/spdx+json", configType: EMPTY }],
    ["sbom", { artifactType: "application/vnd.cyclonedx+json" }],
    ["sbom", { artifactType: "application/vnd.in-toto+json" }],
    ["notation-signature", { artifactType: "application/vnd.cncf.notary.signature" }],
    ["cosign-signature", { artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json" }],
    ["wasm", { configType: "application/vnd.wasm.config.v0+json" }],
    ["unknown", { artifactType: "application/vnd.example.odd" }],
    ["unknown", { configType: EMPTY }],
    ["unknown", {}],
  ])("finds %s of %j", (id, facts) => {
    expect(find(facts).id).toBe(id);
  });

  test("believes the artifact type rather than the config", () => {
    const facts = { artifactType: "application/vnd.example.odd", configType: IMAGE_CONFIG };
    expect(find(facts).id).toBe("unknown");
  });

  test("looks at the first layer where the config says nothing", () => {
    const firstLayer = "application/vnd.dev.cosign.simplesigning.v1+json";
    expect(find({ configType: IMAGE_CONFIG, firstLayer }).id).toBe("cosign-signature");
    expect(find({ configType: EMPTY, firstLayer }).id).toBe("cosign-signature");
    const configType = "application/vnd.cncf.helm.config.v1+json";
    expect(find({ configType, firstLayer }).id).toBe("helm-chart");
  });
});

describe("joinTypes()", () => {
  test("puts own types first, and in the place of those with their id", () => {
    const chart: ArtifactType = { ...OWN, id: "helm-chart", text: "Our charts" };
    const types = joinTypes([OWN, chart]);
    expect(types.slice(0, 2)).toEqual([OWN, chart]);
    expect(types.filter(({ id }) => id === "helm-chart")).toEqual([chart]);
    expect(types.at(-1)?.id).toBe("unknown");
    expect(createFindType(types)({ configType: "application/vnd.example.policy.v2" })).toBe(OWN);
  });

  test("ships types with ids of their own", () => {
    const ids = SHIPPED_TYPES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
