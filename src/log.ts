/** The severities of a log line, least first. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a log line says beside its message; values of secret-looking keys are never written. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Takes log lines; `child` adds fields to every line of one request or operation. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
}

/** Says where log lines go and how they look. */
export interface LogOptions {
  readonly format: "text" | "json";
  readonly level: LogLevel;
  /** Takes one line without its line end. */
  readonly write: (line: string) => void;
  readonly now: () => Date;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
const SECRET_KEY =
  /authorization|password|passwd|secret|token|cookie|creds|credential|api[-_]?key/i;
const REDACTED = "[redacted]";

/** Makes a logger that writes one line a message, JSON or text, secrets redacted. */
export function createLogger(options: LogOptions, base: LogFields = {}): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (RANK[level] < RANK[options.level]) return;
      const all = { ...base, ...fields };
      options.write(
        options.format === "json"
          ? jsonLine(level, message, all, options.now())
          : textLine(level, message, all, options.now()),
      );
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => createLogger(options, { ...base, ...fields }),
  };
}

/** A logger that writes nothing. */
export const silentLogger: Logger = createLogger({
  format: "text",
  level: "error",
  write: () => undefined,
  now: () => new Date(0),
});

/** Removes credentials from text that may hold URLs or Authorization values. */
export function redactText(text: string): string {
  // Each part is bounded, so that hostile text costs time in proportion to its length.
  return text
    .replace(/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^/?#\s]{0,4096}@/gi, "$1")
    .replace(/\b(Basic|Bearer)\s{1,8}[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${REDACTED}`)
    .replace(
      /([?&][^=&\s]{0,64}(?:token|signature|sig|secret|password|credential|key)[^=&\s]{0,64}=)[^&\s"']+/gi,
      `$1${REDACTED}`,
    );
}

const NESTING = 5;

function redactValue(key: string, value: unknown, depth = 0): unknown {
  if (SECRET_KEY.test(key)) return REDACTED;
  if (value instanceof Error) return redactText(value.message);
  if (typeof value === "string" || value instanceof URL) return redactText(String(value));
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (depth === NESTING) return "[nested]";
  if (Array.isArray(value)) return value.map((one) => redactValue("", one, depth + 1));
  return redactFields(value, depth + 1);
}

function redactFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, redactValue(key, value, depth)]),
  );
}

function jsonLine(level: LogLevel, message: string, fields: LogFields, now: Date): string {
  const line = { time: now.toISOString(), level, message: redactText(message) };
  const safe = Object.entries(redactFields(fields, 0)).map(([key, value]) => [
    // A field must not pass itself off as the line's own time, level or message.
    key in line ? `${key}_` : key,
    value,
  ]);
  return escapeUnsafe(JSON.stringify({ ...line, ...Object.fromEntries(safe) }));
}

function textLine(level: LogLevel, message: string, fields: LogFields, now: Date): string {
  const rest = Object.entries(redactFields(fields, 0))
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${show(key)}=${show(value)}`);
  const time = now.toISOString().slice(11, 19);
  const shown = escapeUnsafe(redactText(message));
  return `${time} ${level.toUpperCase().padEnd(5)} ${shown}${rest.join("")}`;
}

function show(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return escapeUnsafe(/^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text));
}

/**
 * Control characters, line separators, marks that turn the direction of text, and the bracket of what
 * GitHub, Azure and TeamCity take for a command anywhere in a line: `##[…]`, `##vso[…]`.
 */
const UNSAFE =
  /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|(?<=##[a-z]{0,20})\[/giu;

/** Makes text safe to show in one line, of a terminal or a file. */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (char) => {
    const short = JSON.stringify(char).slice(1, -1);
    return short === char ? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}` : short;
  });
}
