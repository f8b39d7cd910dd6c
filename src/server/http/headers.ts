/** Header fields by lower-case name. */
export type HeaderFields = Readonly<Record<string, string>>;

/** What no page of ours uses, and nothing that is opened from here may. */
const UNUSED_FEATURES = [
  "accelerometer",
  "browsing-topics",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "usb",
];

/** What every answer carries. No origin is trusted with anything, so every origin may read. */
export const COMMON_HEADERS: HeaderFields = {
  "access-control-allow-origin": "*",
  // Digests, tags of entities, names of files, when to come back: pages elsewhere may read them all.
  "access-control-expose-headers": "*",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "cross-origin",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": UNUSED_FEATURES.map((feature) => `${feature}=()`).join(", "),
};

/** For data that no browser is meant to show as a page. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** For files of strangers: opened as a page they can run nothing and reach nothing. */
export const SANDBOX_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
/**
 * For our own pages: styles, scripts and typefaces are files of ours, nothing is inline, forms and
 * requests come back to us; icons may be data addresses.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Has the client ask again each time, which costs a 304. */
export const REVALIDATE = "no-cache";
/** For content whose address changes with it. */
export const IMMUTABLE = "public, max-age=31536000, immutable";
/** For answers about the state of this very process. */
export const NEVER_STORED = "no-store";

/** The type of index and devfile answers. Parity: the Go server sniffs both as text. */
export const PLAIN_TEXT = "text/plain; charset=utf-8";
/** The type of every JSON answer that is not an index. */
export const JSON_TYPE = "application/json; charset=utf-8";
/** The type of pages. */
export const HTML_TYPE = "text/html; charset=utf-8";
