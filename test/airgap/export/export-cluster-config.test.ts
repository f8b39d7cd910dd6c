import { describe, expect, test } from "bun:test";
import { parseAllDocuments, parse as parseYaml } from "yaml";
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportOptions,
  exportClusterConfig,
} from "../../../src/airgap/export/index.ts";
import type { LockedImage } from "../../../src/airgap/lock.ts";
import { assignTargets, type PathStyle } from "../../../src/airgap/target-paths.ts";
import { digestOf, OCI_INDEX } from "../../../src/oci-client/index.ts";

const DIGEST = digestOf(new Uint8Array([1]));
const UDI = "quay.io/devfile/udi:ubi9";
const PINNED = `quay.io/devfile/pinned@${DIGEST}`;
const NGINX = "docker.io/library/nginx:1.27";
const LOCAL = "localhost:5000/team/app:1";
const TARGET = { registry: "registry.internal:5000", prefix: "mirror" };

function locked(image: string): LockedImage {
  return {
    image,
    digest: DIGEST,
    mediaType: OCI_INDEX,
    size: 1,
    mirrored: DIGEST,
    bytes: 1,
    platforms: {},
    referrers: [],
    signatureTags: {},
    leftOut: [],
    occurrences: [],
  };
}

function exported(
  formats: readonly ExportFormat[],
  images: readonly string[] = [UDI, PINNED, NGINX],
  options: Partial<ExportOptions> & { style?: PathStyle } = {},
) {
  const targets = assignTargets(images, { prefix: TARGET.prefix, style: options.style });
  const { files, notes } = exportClusterConfig({ images: images.map(locked) }, TARGET, {
    formats,
    targets,
    insecure: false,
    name: "devfile-registry",
    ...options,
  });
  return { files: Object.fromEntries(files.map(({ name, text }) => [name, text])), notes };
}

describe("exportClusterConfig()", () => {
  test("writes mirror sets by repository, digests and tags apart", () => {
    const { files } = exported(["idms", "itms"], [UDI, "quay.io/devfile/udi:next", PINNED]);
    expect(parseYaml(files["idms.yaml"] ?? "")).toEqual({
      apiVersion: "config.openshift.io/v1",
      kind: "ImageDigestMirrorSet",
      metadata: { name: "devfile-registry" },
      spec: {
        imageDigestMirrors: [
          {
            source: "quay.io/devfile/pinned",
            mirrors: ["registry.internal:5000/mirror/quay.io/devfile/pinned"],
          },
        ],
      },
    });
    expect(parseYaml(files["itms.yaml"] ?? "")).toMatchObject({
      kind: "ImageTagMirrorSet",
      spec: {
        imageTagMirrors: [
          {
            source: "quay.io/devfile/udi",
            mirrors: ["registry.internal:5000/mirror/quay.io/devfile/udi"],
          },
        ],
      },
    });
    expect(exported(["idms"], [UDI])).toEqual({
      files: {},
      notes: ["idms: no image is named by digest"],
    });
  });

  test("writes registries.conf for what is named by tag, by digest and by both", () => {
    const both = `quay.io/devfile/udi@${DIGEST}`;
    const { files } = exported(["registries-conf"], [UDI, both, PINNED, NGINX], { insecure: true });
    const read = Bun.TOML.parse(files["registries.conf.d/devfile-registry.conf"] ?? "");
    const mirror = (path: string, pull?: string) => ({
      location: `registry.internal:5000/mirror/${path}`,
      insecure: true,
      ...(pull === undefined ? {} : { "pull-from-mirror": pull }),
    });
    expect(read).toEqual({
      registry: [
        ["docker.io/library/nginx", "tag-only"],
        ["quay.io/devfile/pinned", "digest-only"],
        ["quay.io/devfile/udi", undefined],
      ].map(([name = "", pull]) => ({
        prefix: name,
        location: name,
        mirror: [mirror(name, pull)],
      })),
    });
  });

  test("writes a hosts.toml for each host", () => {
    const { files, notes } = exported(["containerd-hosts"], [UDI, NGINX, LOCAL]);
    expect(notes).toEqual([]);
    expect(Object.keys(files)).toEqual([
      "containerd/certs.d/docker.io/hosts.toml",
      "containerd/certs.d/localhost:5000/hosts.toml",
      "containerd/certs.d/quay.io/hosts.toml",
    ]);
    expect(Bun.TOML.parse(files["containerd/certs.d/localhost:5000/hosts.toml"] ?? "")).toEqual({
      host: {
        "https://registry.internal:5000/v2/mirror/localhost_5000": {
          capabilities: ["pull", "resolve"],
          override_path: true,
        },
      },
    });
  });

  test("says which images containerd cannot find, and why", () => {
    const plain = "quay.io/single:1";
    const flat = exported(["containerd-hosts"], [UDI, plain], { style: "flat" });
    expect(Object.keys(flat.files)).toEqual(["containerd/certs.d/quay.io/hosts.toml"]);
    expect(flat.files["containerd/certs.d/quay.io/hosts.toml"]).toContain(
      "# Not found so, name it in devfiles: quay.io/devfile/udi is registry.internal:5000/mirror/udi",
    );
    expect(flat.notes).toEqual([
      expect.stringContaining('"quay.io/devfile/udi" cannot be found at'),
    ]);
    const path = exported(["containerd-hosts"], [UDI, NGINX], { style: "path" });
    expect(path.notes).toEqual([]);
    expect(path.files["containerd/certs.d/quay.io/hosts.toml"]).toContain(
      '[host."https://registry.internal:5000/v2/mirror"]',
    );
  });

  test("writes a mapping of full names", () => {
    expect(exported(["mapping"], [PINNED]).files["mapping.txt"]).toBe(
      `${PINNED}=registry.internal:5000/mirror/quay.io/devfile/pinned@${DIGEST}\n`,
    );
  });

  test("gives the same text again, and valid YAML and TOML of all", () => {
    const options = { publicUrl: "https://devfiles.internal", index: [] };
    const { files } = exported(EXPORT_FORMATS, [UDI, PINNED, NGINX], options);
    expect(exported(EXPORT_FORMATS, [NGINX, UDI, PINNED], options).files).toEqual(files);
    for (const [name, text] of Object.entries(files)) {
      expect(text.endsWith("\n") && !text.endsWith("\n\n")).toBe(true);
      if (name.endsWith(".yaml")) {
        expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([]);
      }
      if (name.endsWith(".toml") || name.endsWith(".conf")) Bun.TOML.parse(text);
    }
  });
});
