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
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi, "$1")
    .replace(/\b(Basic|Bearer)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${REDACTED}`)
    .replace(
      /([?&](?:[^=&\s]*(?:token|signature|sig|secret|password|credential|key)[^=&\s]*)=)[^&\s"']+/gi,
      `$1${REDACTED}`,
    );
}

function redactValue(key: string, value: unknown): unknown {
  if (SECRET_KEY.test(key)) return REDACTED;
  if (value instanceof Error) return redactText(value.message);
  return typeof value === "string" ? redactText(value) : value;
}

function jsonLine(level: LogLevel, message: string, fields: LogFields, now: Date): string {
  const safe = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, redactValue(key, value)]),
  );
  return JSON.stringify({ time: now.toISOString(), level, message: redactText(message), ...safe });
}

function textLine(level: LogLevel, message: string, fields: LogFields, now: Date): string {
  const rest = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${show(redactValue(key, value))}`,
  );
  const time = now.toISOString().slice(11, 19);
  return `${time} ${level.toUpperCase().padEnd(5)} ${oneLine(redactText(message))}${rest.join("")}`;
}

function show(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text);
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => JSON.stringify(char).slice(1, -1));
}
