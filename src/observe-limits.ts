/** Bounds of metrics and telemetry, which must never be in the way of a request. */

/** How many events wait at most; further ones are dropped and counted. */
export const TELEMETRY_QUEUE = 1_000;
/** The most events sent at once; with the length of their texts this stays below half a MB. */
export const TELEMETRY_BATCH = 100;
/** How long events are gathered before they are sent. */
export const TELEMETRY_INTERVAL_MS = 5_000;
/** How long one batch may take. */
export const TELEMETRY_TIMEOUT_MS = 10_000;
/** How often one batch is sent before its events are given up. */
export const TELEMETRY_ATTEMPTS = 5;
/** How long a server that stops goes on sending what it still has. */
export const TELEMETRY_FLUSH_MS = 3_000;
/** How much of one text of an event is sent. */
export const TELEMETRY_TEXT_CHARS = 256;
/** How much of a list of languages is looked at. */
export const LANGUAGES_CHARS = 1_024;
/** How often the lateness of the event loop is looked at; more often wakes an idle process. */
export const EVENT_LOOP_SAMPLE_MS = 100;
