/** Bounds of mirrors, of the images in them and of the archives they travel in. */

const KIB = 1024;
const MIB = 1024 * 1024;

/** The largest devreg executable that goes into an image. */
export const EXECUTABLE_BYTES = 1024 * MIB;
/** How deep image indexes may be nested. */
export const IMAGE_INDEX_DEPTH = 8;
/** The most that all manifests of one image may hold; they are kept in memory. */
export const IMAGE_MANIFEST_BYTES = 64 * MIB;
/** The most lists and maps in one manifest, or in one page of tags, names or referrers. */
export const MANIFEST_PARTS = 200_000;
/** How often the manifests of one image may be named, by all its indexes together. */
export const IMAGE_MANIFEST_READS = 20_000;
/** The most signatures, SBOMs and attestations of one image. */
export const IMAGE_REFERRERS = 1000;
/** The largest config of an image that is looked into. */
export const IMAGE_CONFIG_BYTES = 1 * MIB;
/** The largest mirror lock read. */
export const LOCK_BYTES = 64 * MIB;
/** How many images are looked up side by side. */
export const PLAN_CONCURRENCY = 8;
/** The most files beside the content of an image layout. */
export const LAYOUT_FILES = 1000;
/** The most entries of a tar that holds an image layout. */
export const TAR_ENTRIES = 500_000;
/** The largest header of one tar entry: its long name or its extended attributes. */
export const TAR_HEADER_BYTES = 64 * KIB;
/** How much of a tar is read at once to find its headers. */
export const TAR_AHEAD_BYTES = 8 * KIB;
/** How much may wait on the disk for its turn in a tar, unless told otherwise. */
export const TAR_SPOOL_BYTES = 1024 * MIB;
/** How much may wait in memory for its turn in a tar. */
export const TAR_HELD_BYTES = 8 * MIB;
/** The largest content that waits in memory for its turn in a tar. */
export const TAR_HELD_BLOB_BYTES = 64 * KIB;
/** The longest name of a mirrored repository; clients count it and the host to 255 together. */
export const TARGET_NAME_CHARS = 200;
/** The most that a ConfigMap may hold, with room for what stands around it. */
export const CONFIG_MAP_BYTES = 900 * KIB;
/** How many images a mirror moves side by side. */
export const IMAGES_AT_ONCE = 4;
/** How much of a volume is to stay free when a bundle is written to it. */
export const DISK_MARGIN_BYTES = 16 * MIB;
/** The largest mirror.yaml read. */
export const MIRROR_RULES_BYTES = 512 * KIB;
/** The largest Dockerfile looked into. */
export const DOCKERFILE_BYTES = 1 * MIB;
/** The deepest nesting of YAML texts inside of YAML texts that images are looked for in. */
export const MANIFEST_TEXTS = 4;
/** The most images that one file may name. */
export const FILE_IMAGES = 2_000;
/** How often the report of a running mirror is written. */
export const REPORT_EVERY_MS = 2_000;
/** How often the right to write to a place is asked for when others give it up just then. */
export const OUTPUT_CLAIMS = 8;
