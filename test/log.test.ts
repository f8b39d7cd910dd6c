import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  createLogger,
  escapeUnsafe,
  type LogFields,
  redactText,
  silentLogger,
} from "../src/log.ts";

function written(format: "text" | "json", message: string, fields?: LogFields): string {
  const lines: string[] = [];
  const logger = createLogger({
    format,
    level: "info",
    write: (line) => lines.push(line),
    now: () => new Date("2026-01-02T03:04:05.678Z"),
  });
  logger.info(message, fields);
  expect(lines).toHaveLength(1);
  return lines.join();
}

describe("createLogger()", () => {
  test("writes a line as text and as JSON", () => {
    const fields = { method: "GET", path: "/a b", status: 200, empty: "", ok: true };
    expect(written("text", "request", fields)).toBe(
      '03:04:05 INFO  request method=GET path="/a b" status=200 empty="" ok=true',
    );
    expect(JSON.parse(written("json", "request", fields))).toEqual({
      time: "2026-01-02T03:04:05.678Z",
      level: "info",
      message: "request",
      ...fields,
    });
  });

  test("leaves out what is not there", () => {
    const fields = { commit: undefined, from: undefined, status: 200 };
    expect(written("text", "request", fields)).toBe("03:04:05 INFO  request status=200");
    expect(JSON.parse(written("json", "request", fields))).not.toHaveProperty("commit");
  });

  test("writes nothing below its level", () => {
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    const options = { format: "text", level: "warn", write, now: () => new Date(0) } as const;
    const logger = createLogger(options);
    logger.debug("a");
    logger.info("b");
    logger.warn("c");
    logger.error("d");
    expect(lines.map((line) => line.slice(9))).toEqual(["WARN  c", "ERROR d"]);
    silentLogger.info("nobody sees this");
  });

  test("a child adds its fields to every line, and may be overruled by the line's own", () => {
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    const options = { format: "text", level: "info", write, now: () => new Date(0) } as const;
    const child = createLogger(options).child({ requestId: "r1", step: "outer" });
    child.child({ deeper: 1 }).info("hello", { step: "inner" });
    expect(lines).toEqual(["00:00:00 INFO  hello requestId=r1 step=inner deeper=1"]);
  });

  test("a field cannot pass itself off as the time, level or message of a JSON line", () => {
    const fields = { level: "debug", message: "forged", time: "never" };
    expect(JSON.parse(written("json", "real", fields))).toEqual({
      time: "2026-01-02T03:04:05.678Z",
      level: "info",
      message: "real",
      level_: "debug",
      message_: "forged",
      time_: "never",
    });
  });

  const hostile = [
    "one\ntwo",
    "one\r\n03:04:05 INFO  forged",
    "\u001b[2K\u001b[1Aforged",
    "bell\u0007 zero\u0000 delete\u007f",
    "C1 control \u009b2J and next line \u0085",
    "line\u2028paragraph\u2029",
    "right to left \u202e gnp.exe",
  ];
  for (const format of ["text", "json"] as const) {
    for (const text of hostile) {
      test(`${format} lines cannot be forged by ${JSON.stringify(escapeUnsafe(text))}`, () => {
        for (const line of [written(format, text), written(format, "m", { [text]: text })]) {
          expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
        }
      });
    }
  }

  test("JSON lines give back the text that was escaped", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = written("json", "m", { note: `<${text}>` });
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        if (redactText(text) === text) expect(JSON.parse(line).note).toBe(`<${text}>`);
      }),
    );
  });

  test("writes what JSON has no form for", () => {
    const date = new Date("2026-01-01T00:00:00Z");
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const line = JSON.parse(written("json", "m", { big: 1n, date, circular, none: undefined }));
    expect(line).toMatchObject({ big: "1", date: date.toISOString() });
    expect(JSON.stringify(line.circular)).toContain("[nested]");
  });
});

describe("redaction", () => {
  const secret = "s3cr3t-Value_42";
  const texts: readonly (readonly [string, string])[] = [
    [`https://user:${secret}@host/path`, "https://host/path"],
    [`https://${secret}@host`, "https://host"],
    [`https://user:p@${secret}@host/`, "https://host/"],
    [`git+ssh://user:${secret}@host/x.git`, "git+ssh://host/x.git"],
    [
      `see https://a:${secret}@one/ and http://b:${secret}@two/`,
      "see https://one/ and http://two/",
    ],
    [`Authorization: Bearer ${secret}`, "Authorization: Bearer [redacted]"],
    [`authorization: basic ${secret}==`, "authorization: basic [redacted]"],
    [`https://h/x?token=${secret}&a=1`, "https://h/x?token=[redacted]&a=1"],
    [`https://h/x?a=1&X-Amz-Signature=${secret}`, "https://h/x?a=1&X-Amz-Signature=[redacted]"],
    [`https://h/x?sig=${secret}`, "https://h/x?sig=[redacted]"],
    [`https://h/x?access_key=${secret} failed`, "https://h/x?access_key=[redacted] failed"],
  ];
  for (const [text, safe] of texts) {
    test(`makes ${safe}`, () => {
      expect(redactText(text)).toBe(safe);
      for (const format of ["text", "json"] as const) {
        const lines = [
          written(format, text),
          written(format, "m", { note: text }),
          written(format, "m", { error: new Error(text) }),
          written(format, "m", { list: [{ deep: text }] }),
        ];
        for (const line of lines) expect(line).not.toContain(secret);
      }
    });
  }

  const keys = [
    "authorization",
    "Authorization",
    "proxy-authorization",
    "password",
    "passwd",
    "clientSecret",
    "accessToken",
    "set-cookie",
    "creds",
    "credentials",
    "api_key",
    "apiKey",
    "X-API-KEY",
  ];
  for (const key of keys) {
    test(`never writes the value of ${key}, however deep`, () => {
      for (const format of ["text", "json"] as const) {
        for (const fields of [{ [key]: secret }, { request: { headers: { [key]: [secret] } } }]) {
          const line = written(format, "m", fields);
          expect(line).not.toContain(secret);
          expect(line).toContain("[redacted]");
        }
      }
    });
  }

  test("takes the credentials out of a URL object", () => {
    const line = written("json", "m", { url: new URL(`https://user:${secret}@host/`) });
    expect(JSON.parse(line).url).toBe("https://host/");
  });

  const harmless = [
    "https://host/path?page=2&n=10",
    "mail to a@b.example about https://host/",
    "https://host/@scope/package",
    "bearer of news",
    "devfile-catalog/go@sha256:abc",
  ];
  for (const text of harmless) {
    test(`leaves "${text}" alone`, () => expect(redactText(text)).toBe(text));
  }

  // What looks at the rest of the text from each place in it takes minutes.
  test("takes long texts that almost hold credentials", () => {
    const size = 1_000_000;
    for (const unit of ["a.", "a://", "?token", "&a", "a:b@"]) {
      const text = unit.repeat(size / unit.length);
      expect(redactText(text)).toBe(text);
    }
    const redacted = "Bearer [redacted] ".repeat(size / "Bearer ".length / 2);
    expect(redactText("Bearer ".repeat(size / "Bearer ".length))).toStartWith(redacted.trimEnd());
  }, 60_000);
});
