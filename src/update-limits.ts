/** Bounds of live updates: sources that are asked again, registries that are followed. */

/** How often the registry behind a server is asked for every stack version. */
export const REPAIR_EVERY_MS = 5 * 60_000;
/** The shortest pause between two looks at a registry or a source. */
export const LOOK_AGAIN_MS = 100;
/** How many times its interval a look that keeps failing may be put off. */
export const LOOK_BACKOFF = 16;
/** How long a stack version that left the index can be pulled by its digest. */
export const RETIRED_GRACE_MS = 24 * 3_600_000;
/** After how many generations kept on disk what is not needed there is removed, beside each day. */
export const TIDY_AFTER_KEPT = 16;
/** The most stack versions that left the index and can still be pulled. */
export const RETIRED_ARTIFACTS = 1_000;
/** The most that stack versions which left the index may hold in memory. */
export const RETIRED_BYTES = 128 * 1024 * 1024;
/** The most updates that wait for the one under way. */
export const WAITING_UPDATES = 256;
/** How often an index is put again after another replica put an older one meanwhile. */
export const PUT_AGAIN = 3;
/** How long an update at the start waits for the registry to say what it has. */
export const START_LOOK_MS = 2_000;
/** The longest pause between two tries of an update that failed because something was away. */
export const UPDATE_RETRY_CAP_MS = 60_000;
/** The largest file with the secret of webhooks. */
export const SECRET_BYTES = 4 * 1024;
/** The most comparisons of commits that are remembered for one source. */
export const COMPARED_COMMITS = 1_000;
/** The most reasons given for one update that failed. */
export const UPDATE_REASONS = 20;
/** The most updates that are remembered for the page of the status. */
export const REMEMBERED_UPDATES = 20;
/** The longest text of a failure that is remembered with an update. */
export const REMEMBERED_TEXT_CHARS = 500;
