import type { ArtifactType } from "../artifact-type.ts";

const PULL = "oras pull {reference}";
const SCAN_FILES = "oras pull {pinned} --output scanned && trivy filesystem scanned";

/** What everything else is. */
export const UNKNOWN_TYPE: ArtifactType = {
  id: "unknown",
  text: "Unknown",
  icon: "unknown",
  match: [],
  action: "oras manifest fetch {reference}",
  scan: "files",
  scanAction: SCAN_FILES,
};

/** The artifact types that devreg knows; the first that matches counts. */
export const SHIPPED_TYPES: readonly ArtifactType[] = [
  {
    id: "devfile-stack",
    text: "Devfile stack",
    icon: "stack",
    match: ["application/vnd.devfileio.devfile.config.v*"],
    action: PULL,
    scan: "files",
    scanAction: SCAN_FILES,
  },
  {
    id: "registry-index",
    text: "Registry index",
    icon: "index",
    match: ["application/vnd.devreg.index.v1+json"],
    action: "devreg serve --follow {registry}",
    scan: "none",
  },
  {
    id: "signature",
    text: "Signature",
    icon: "signature",
    match: [
      "application/vnd.cncf.notary.signature",
      "application/vnd.cncf.notary.v2.signature",
      "application/vnd.dev.cosign.artifact.sig.v1+json",
      "application/vnd.dev.cosign.simplesigning.v1+json",
      "application/vnd.dev.sigstore.bundle*",
    ],
    layers: ["application/vnd.dev.cosign.simplesigning.v1+json"],
    action: "cosign tree {subject}",
    scan: "none",
  },
  {
    id: "sbom",
    text: "SBOM or attestation",
    icon: "sbom",
    match: [
      "application/spdx+json",
      "text/spdx*",
      "application/vnd.cyclonedx*",
      "application/vnd.in-toto*",
      "application/vnd.dsse.envelope.v1+json",
      "application/vnd.dev.cosign.artifact.sbom.v1+json",
      "application/vnd.syft+json",
    ],
    layers: [
      "application/spdx+json",
      "text/spdx*",
      "application/vnd.cyclonedx*",
      "application/vnd.in-toto*",
      "application/vnd.dsse.envelope.v1+json",
      "application/vnd.syft+json",
    ],
    action: PULL,
    scan: "sbom",
    scanAction: "oras pull {pinned} --output scanned && trivy sbom scanned/*",
  },
  {
    id: "helm-chart",
    text: "Helm chart",
    icon: "chart",
    match: ["application/vnd.cncf.helm.*"],
    action: "helm pull oci://{name} --version {tag}",
    scan: "files",
    scanAction: "helm pull oci://{name} --version {tag} --untar && trivy config .",
  },
  {
    id: "cnab",
    text: "CNAB",
    icon: "bundle",
    match: ["application/vnd.cnab.*"],
    action: "porter install --reference {reference}",
    scan: "none",
  },
  {
    id: "arm-template",
    text: "ARM template or Bicep module",
    icon: "template",
    match: [
      "application/vnd.ms.bicep.*",
      "application/vnd.ms.arm*",
      "application/vnd.microsoft.arm.*",
    ],
    action: PULL,
    scan: "files",
    scanAction: "oras pull {pinned} --output scanned && trivy config scanned",
  },
  {
    id: "ecs-task",
    text: "ECS task",
    icon: "task",
    match: ["application/vnd.aws.ecs.task.*"],
    action: PULL,
    scan: "files",
    scanAction: SCAN_FILES,
  },
  {
    id: "wasm",
    text: "WebAssembly",
    icon: "module",
    match: ["application/vnd.wasm.*", "application/vnd.module.wasm.*", "application/wasm"],
    layers: ["application/wasm", "application/vnd.wasm.*", "application/vnd.module.wasm.*"],
    action: PULL,
    scan: "files",
    scanAction: SCAN_FILES,
  },
  {
    id: "container-image",
    text: "Container image",
    icon: "image",
    match: [
      "application/vnd.oci.image.config.v1+json",
      "application/vnd.docker.container.image.v1+json",
      "application/vnd.oci.image.index.v1+json",
      "application/vnd.docker.distribution.manifest.list.v2+json",
    ],
    action: "docker pull {reference}",
    scan: "image",
    scanAction: "trivy image {pinned}",
  },
];
