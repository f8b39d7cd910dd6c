import { utf8 } from "../../src/bytes.ts";
import {
  type Descriptor,
  describe as describeContent,
  OCI_INDEX,
  OCI_MANIFEST,
  type Registry,
  type Repository,
} from "../../src/oci-client/index.ts";
import { blobOf, pushGraph, type SampleGraph } from "./sample-content.ts";
import { multiPlatformImage, pushImage } from "./sample-image.ts";

/** What an artifact of these tests is made of. */
export interface ArtifactParts {
  readonly artifactType?: string;
  readonly configType?: string;
  readonly layerType?: string;
  readonly text?: string;
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What {@link pushMixedArtifacts} stored. */
export interface MixedArtifacts {
  readonly image: SampleGraph;
  readonly chart: SampleGraph;
}

/** Makes an artifact of one layer with every type that one likes. */
export function artifactWith(parts: ArtifactParts): SampleGraph {
  const { configType = "application/vnd.oci.empty.v1+json", layerType = "text/plain" } = parts;
  const config = blobOf("{}", configType);
  const layer = blobOf(parts.text ?? "a layer", layerType);
  const bytes = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      ...(parts.artifactType === undefined ? {} : { artifactType: parts.artifactType }),
      config: config.descriptor,
      layers: [layer.descriptor],
      ...(parts.subject === undefined ? {} : { subject: parts.subject }),
      ...(parts.annotations === undefined ? {} : { annotations: parts.annotations }),
    }),
  );
  const root = { descriptor: describeContent(OCI_MANIFEST, bytes), bytes };
  return { root, below: [config, layer] };
}

/**
 * Stores things of many types: team/app, an image of two platforms with an SBOM, a signature that
 * refers to it and one by a tag; charts/web, a Helm chart; mixed/*, others. A registry without an API
 * for referrers is told of them by a tag.
 */
export async function pushMixedArtifacts(registry: Registry): Promise<MixedArtifacts> {
  const app = registry.repository("team/app");
  const image = multiPlatformImage("app", ["linux/amd64", "linux/arm64"]);
  await pushImage(app, "2.1.0", image);
  await app.tag(image.root.descriptor, "latest", image.root.bytes);
  await attach(app, image);
  const chart = artifactWith({
    configType: "application/vnd.cncf.helm.config.v1+json",
    layerType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
    annotations: {
      "org.opencontainers.image.title": "web",
      "org.opencontainers.image.description": "A web server with <all> that it needs",
    },
  });
  await pushImage(registry.repository("charts/web"), "1.2.3", chart);
  const others = {
    "mixed/bundle": artifactWith({ configType: "application/vnd.cnab.config.v1+json" }),
    "mixed/module": artifactWith({ artifactType: "application/vnd.ms.bicep.module.artifact" }),
    "mixed/task": artifactWith({ artifactType: "application/vnd.aws.ecs.task.v1+json" }),
    "mixed/wasm": artifactWith({ configType: "application/vnd.wasm.config.v0+json" }),
    "mixed/odd": artifactWith({ artifactType: "application/vnd.example.odd" }),
  };
  for (const [name, graph] of Object.entries(others)) {
    await pushImage(registry.repository(name), "1.0", graph);
  }
  return { image, chart };
}

async function attach(repository: Repository, { root }: SampleGraph): Promise<void> {
  const subject = root.descriptor;
  const sbom = artifactWith({ artifactType: "application/spdx+json", subject, text: "sbom" });
  const notation = artifactWith({
    artifactType: "application/vnd.cncf.notary.signature",
    subject,
    text: "notation",
  });
  await pushGraph(repository, sbom);
  await pushGraph(repository, notation);
  const manifests = [
    { ...sbom.root.descriptor, artifactType: "application/spdx+json" },
    { ...notation.root.descriptor, artifactType: "application/vnd.cncf.notary.signature" },
  ];
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
  const tag = subject.digest.replace(":", "-");
  await repository.tag(describeContent(OCI_INDEX, bytes), tag, bytes);
  const cosign = artifactWith({
    configType: "application/vnd.oci.image.config.v1+json",
    layerType: "application/vnd.dev.cosign.simplesigning.v1+json",
    text: "cosign",
  });
  await pushImage(repository, `${subject.digest.replace(":", "-")}.sig`, cosign);
}
