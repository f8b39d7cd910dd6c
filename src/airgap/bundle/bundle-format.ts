/** The type of the image index that names everything in a bundle; its digest is the bundle's. */
export const BUNDLE_ARTIFACT = "application/vnd.devreg.bundle.v1+json";
/** Where the root of a bundle is found in its layout, tagged "latest". */
export const BUNDLE_REPOSITORY = "devreg/bundle";
/** The type of the artifact that says what was mirrored, and of its config. */
export const MIRROR_ARTIFACT = "application/vnd.devreg.mirror.v1+json";
/** Where that artifact is found, tagged "latest". */
export const MIRROR_REPOSITORY = "devreg/mirror";
/** The offline registry image, below the prefix of a registry. */
export const IMAGE_REPOSITORY = "devfile-index";
/** The format of a bundle: "major.minor"; a newer major is refused. */
export const BUNDLE_FORMAT = "1.0";
/** The layer with the lock. */
export const LOCK_FILE = "mirror.lock.json";
/** The layer with a line "source=target" for each image, targets below the prefix of a registry. */
export const MAPPING_FILE = "mapping.txt";
/** The executable beside the layout, so that the other side needs nothing else. */
export const EXECUTABLE_FILE = "devreg";
/** The annotation of a bundle's root that holds its format. */
export const FORMAT_ANNOTATION = "devreg.dev/format";
/** The annotation of a bundle's root that holds the digest of the executable beside the layout. */
export const EXECUTABLE_ANNOTATION = "devreg.dev/executable";
