/** OCI image manifest. Spec: image-spec v1.1, Image Manifest. */
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
/** OCI image index. Spec: image-spec v1.1, Image Index. */
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
/** Docker image manifest, schema 2. */
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
/** Docker manifest list. */
export const DOCKER_MANIFEST_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
/** Docker image manifest, schema 1, signed; the form before image manifests named their layers' sizes. */
export const DOCKER_SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";
/** Bytes of unknown meaning. */
export const OCTET_STREAM = "application/octet-stream";

/** What a client asks for when it takes any manifest. */
export const MANIFEST_ACCEPT = [
  OCI_MANIFEST,
  OCI_INDEX,
  DOCKER_MANIFEST,
  DOCKER_MANIFEST_LIST,
  "*/*",
].join(", ");

const IMAGE_TYPES = new Set([OCI_MANIFEST, DOCKER_MANIFEST]);
const INDEX_TYPES = new Set([OCI_INDEX, DOCKER_MANIFEST_LIST]);

/** Tells whether content of this type is an image manifest (config and layers). */
export function isImageManifestType(mediaType: string): boolean {
  return IMAGE_TYPES.has(mediaType);
}

/** Tells whether content of this type lists further manifests. */
export function isImageIndexType(mediaType: string): boolean {
  return INDEX_TYPES.has(mediaType);
}

/** Tells whether content of this type lives behind the manifests endpoint. */
export function isManifestType(mediaType: string): boolean {
  return isImageManifestType(mediaType) || isImageIndexType(mediaType);
}

const SCHEMA1_TYPES = new Set([
  DOCKER_SCHEMA1,
  "application/vnd.docker.distribution.manifest.v1+json",
]);

/** Tells whether content of this type is a manifest of a form that registries gave up. */
export function isObsoleteManifestType(mediaType: string): boolean {
  return SCHEMA1_TYPES.has(mediaType);
}

const CONFIG_TYPES = new Set([
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
]);

/** Tells whether content of this type says what an image runs on. */
export function isImageConfigType(mediaType: string): boolean {
  return CONFIG_TYPES.has(mediaType);
}

const NONDISTRIBUTABLE =
  /^application\/vnd\.(?:oci\.image\.layer\.nondistributable\.v1\.tar|docker\.image\.rootfs\.foreign\.diff\.tar)(?:[.+](?:gzip|zstd))?$/;

/** Tells whether a layer of this type may be absent: its licence forbids registries to pass it on. */
export function isNondistributableType(mediaType: string): boolean {
  return NONDISTRIBUTABLE.test(mediaType);
}

/** The annotation that names a layer's file. Spec: image-spec v1.1, Annotations. */
export const ANNOTATION_TITLE = "org.opencontainers.image.title";
/** The annotation that carries the source revision. */
export const ANNOTATION_REVISION = "org.opencontainers.image.revision";
/** The annotation that carries the source address. */
export const ANNOTATION_SOURCE = "org.opencontainers.image.source";
/** The annotation that carries a tag or full name in an image layout's index.json. */
export const ANNOTATION_REF_NAME = "org.opencontainers.image.ref.name";
