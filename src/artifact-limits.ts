/** Bounds of the list of artifacts by name and unit. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** The most artifacts listed; the rest is counted as left out. */
export const ARTIFACTS = 20_000;
/** The most repositories looked at. */
export const ARTIFACT_REPOSITORIES = 20_000;
/** The most tags of one repository looked at. */
export const ARTIFACT_TAGS = 2_000;
/** The most tags of one artifact shown. */
export const ARTIFACT_TAGS_SHOWN = 20;
/** The most referrers of one artifact shown. */
export const ARTIFACT_REFERRERS = 50;
/** The most referrers, and the most tags that are not looked at, counted. */
export const ARTIFACT_PARTS_COUNTED = 10_000;
/** The most manifests read to tell the size of one artifact. */
export const ARTIFACT_MANIFESTS = 64;
/** The most platforms of one artifact shown. */
export const ARTIFACT_PLATFORMS = 32;
/** How much of one annotation is shown. */
export const ARTIFACT_TEXT_CHARS = 500;
/** The largest configuration of an image read to tell its platform. */
export const ARTIFACT_CONFIG_BYTES = 256 * KIB;
/** How many repositories are read side by side for the list of artifacts. */
export const ARTIFACT_REPOSITORIES_AT_ONCE = 4;
/** How many artifacts of one repository are read side by side. */
export const ARTIFACTS_AT_ONCE = 4;
/** The longest that reading the list of artifacts may take. */
export const ARTIFACTS_TIMEOUT_MS = 60_000;
/** The longest that a visitor waits for the list of artifacts before seeing what is known. */
export const ARTIFACTS_WAIT_MS = 4_000;
/** How long the list of artifacts of a registry behind is good. */
export const ARTIFACTS_FRESH_MS = 60_000;
/** How long a list of artifacts that is not whole is good. */
export const ARTIFACTS_RETRY_MS = 10_000;
/** How many artifacts one answer lists unless told. */
export const ARTIFACTS_PAGE = 100;
/** The most artifacts that one answer lists. */
export const ARTIFACTS_PAGE_MOST = 1_000;
/** How many answers with artifacts are kept. */
export const ARTIFACT_ANSWERS_KEPT = 64;
/** The most that they hold, compressed forms included. */
export const ARTIFACT_ANSWERS_BYTES = 8 * MIB;
/** The longest name of an artifact looked for. */
export const ARTIFACT_NAME_CHARS = 200;
/** How many artifacts one page of the viewer shows. */
export const ARTIFACTS_SHOWN = 50;
/** The largest file of artifact types. */
export const ARTIFACT_TYPES_BYTES = 256 * KIB;
/** The most artifact types that a file may define. */
export const ARTIFACT_TYPES = 200;
/** The most media types that one artifact type goes by. */
export const ARTIFACT_TYPE_NAMES = 50;
/** The longest text of an artifact type: a name, a media type, a command. */
export const ARTIFACT_TYPE_CHARS = 300;
