import { utf8 } from "../../bytes.ts";
import { goJson } from "../../generator/index.ts";
import { HTML_TYPE, JSON_TYPE } from "./headers.ts";
import { type ReplyOptions, reply } from "./respond.ts";

/** Answers with compact JSON, escaped as the Go server escapes it. */
export function jsonReply(request: Request, value: unknown, options: ReplyOptions = {}): Response {
  return reply(request, utf8(goJson(value)), JSON_TYPE, options);
}

/** Answers a REST request that went wrong: one object whose `status` says what. */
export function statusReply(
  request: Request,
  status: number,
  text: string,
  options: ReplyOptions = {},
): Response {
  return jsonReply(request, { status: text }, { ...options, status });
}

/** Sends the client elsewhere. Parity: the bodies of Go's http.Redirect. */
export function redirectReply(request: Request, status: 301 | 302, location: string): Response {
  const words = status === 301 ? "Moved Permanently" : "Found";
  const body = `<a href="${escapeAttribute(location)}">${words}</a>.\n\n`;
  return reply(request, utf8(body), HTML_TYPE, { status, headers: { location } });
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
