/** Bounds of requests for updates, which anybody can send. */

/** The largest body of a request for an update. */
export const UPDATE_BODY_BYTES = 256 * 1024;
/** How long the body of a request for an update may take to come. */
export const UPDATE_BODY_TIMEOUT_MS = 10_000;
/** How many such bodies are read side by side. */
export const UPDATE_BODIES = 64;
/** How many requests of one address are looked at in a row, good or bad, before the rate counts. */
export const UPDATE_BURST = 60;
/** How many of one address are looked at in a second after that. */
export const UPDATES_PER_SECOND = 10;
/** How many addresses have a rate of their own at once; further ones share one. */
export const UPDATE_ADDRESSES = 1_024;
/** How far the timestamp of a signed request may be from now, either way. */
export const UPDATE_WINDOW_MS = 5 * 60_000;
/** The most signatures remembered to refuse the second use; more than the rate of one address. */
export const REMEMBERED_SIGNATURES = 10_000;
/** The most stacks that one request names. */
export const UPDATE_STACKS = 1_000;
/** The longest name of a stack in a request. */
export const UPDATE_STACK_CHARS = 256;
/** After how many seconds a client may ask again when an update failed for reasons that may pass. */
export const UPDATE_RETRY_S = 10;
