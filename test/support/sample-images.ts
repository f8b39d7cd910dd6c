import { utf8 } from "../../src/bytes.ts";
import {
  buildManifest,
  type Descriptor,
  describe as describeContent,
  OCI_INDEX,
  type Platform,
} from "../../src/oci-client/index.ts";
import { blobOf, type Sample, type SampleGraph } from "./sample-content.ts";

const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";

/** Makes an image for a platform, with one layer for each text. */
export function imageOf(platform: Platform, texts: readonly string[]): SampleGraph {
  const config = blobOf(JSON.stringify({ ...platform, rootfs: texts }), CONFIG_TYPE);
  const layers = texts.map((text) => blobOf(text, LAYER_TYPE));
  return {
    root: buildManifest({
      config: config.descriptor,
      layers: layers.map(({ descriptor }) => descriptor),
    }),
    below: [config, ...layers],
  };
}

/** A child of an image index as it stands there. */
export interface SampleEntry {
  readonly graph: SampleGraph;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Makes an image index over children, with further fields of its own. */
export function indexOf(
  entries: readonly SampleEntry[],
  fields: Readonly<Record<string, unknown>> = {},
): SampleGraph {
  const mediaType = String(fields["mediaType"] ?? OCI_INDEX);
  const manifests = entries.map(({ graph, platform, annotations }) => ({
    ...graph.root.descriptor,
    ...(annotations === undefined ? {} : { annotations }),
    ...(platform === undefined ? {} : { platform }),
  }));
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType, manifests, ...fields }));
  return {
    root: { descriptor: describeContent(mediaType, bytes), bytes },
    below: entries.flatMap(({ graph }) => [...graph.below, graph.root]),
  };
}

/** Makes the entry by which BuildKit attests something of an image in the same index. */
export function attestationOf(subject: Descriptor): SampleEntry {
  return {
    graph: imageOf({ os: "unknown", architecture: "unknown" }, [`attests ${subject.digest}`]),
    platform: { os: "unknown", architecture: "unknown" },
    annotations: {
      "vnd.docker.reference.type": "attestation-manifest",
      "vnd.docker.reference.digest": subject.digest,
    },
  };
}

/** Parses "linux/arm64" or "linux/arm/v7". */
export function platformOf(text: string): Platform {
  const [os = "", architecture = "", variant] = text.split("/");
  return variant === undefined ? { os, architecture } : { os, architecture, variant };
}

/** Makes an image index with an image for each platform. */
export function imageFor(platforms: readonly string[], name = "app"): SampleGraph {
  return indexOf(
    platforms.map((text) => {
      const platform = platformOf(text);
      return { graph: imageOf(platform, [`${name} for ${text}`]), platform };
    }),
  );
}

/** Makes an artifact that refers to a manifest. */
export function referrerTo(subject: Descriptor, text: string, artifactType: string): SampleGraph {
  const config = blobOf("{}", "application/vnd.oci.empty.v1+json");
  const layer = blobOf(text, "text/plain");
  const { bytes } = buildManifest({
    config: config.descriptor,
    layers: [layer.descriptor],
    artifactType,
  });
  return { root: withField(bytes, { subject }), below: [config, layer] };
}

function withField(manifest: Uint8Array, fields: object): Sample {
  const parsed: { mediaType: string } = JSON.parse(new TextDecoder().decode(manifest));
  const bytes = utf8(JSON.stringify({ ...parsed, ...fields }));
  return { descriptor: describeContent(parsed.mediaType, bytes), bytes };
}
