import { createHmac } from "node:crypto";
import { utf8 } from "../../src/bytes.ts";
import type { Build } from "../../src/generator/index.ts";
import { createLogger } from "../../src/log.ts";
import type {
  ServerConfig,
  UpdateOutcome,
  UpdateRequest,
  UpdateSource,
} from "../../src/server/index.ts";
import { fakeClock } from "./clock.ts";
import { type ServedApp, servedApp } from "./served-app.ts";

/** What the webhooks of tests are signed with. */
export const SECRET = "the secret of the webhook";
/** When an application that takes updates begins. */
export const NOW = new Date("2026-03-04T05:06:07Z");
/** The source of an application that takes updates, if no other is said. */
export const SOURCE: UpdateSource = { url: "https://git.example/team/stacks.git" };

/** An application that takes updates, and what came of them. */
export interface UpdateApp extends ServedApp {
  /** What reached the port. */
  readonly asked: UpdateRequest[];
  readonly signals: AbortSignal[];
  readonly log: string[];
  /** Moves both clocks on. */
  advance(ms: number): void;
  setSecret(secret: string | undefined): void;
  post(body: Bun.BodyInit, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Sends a body of our own form, signed now. */
  own(body: unknown): Promise<Response>;
}

/** How it differs from a plain one. */
export interface UpdateAppOptions {
  readonly sources?: readonly UpdateSource[];
  readonly answer?: (update: UpdateRequest) => UpdateOutcome | Promise<UpdateOutcome>;
  readonly secret?: string | undefined;
  readonly build?: Build;
  readonly config?: Partial<ServerConfig>;
  /** The wall clock, where a program signs that has the real one. */
  readonly now?: () => Date;
}

/** Makes an application whose updates end as the test says. */
export async function updateApp(options: UpdateAppOptions = {}): Promise<UpdateApp> {
  const { sources = [SOURCE], build, config, answer = () => UNCHANGED } = options;
  let secret = "secret" in options ? options.secret : SECRET;
  const asked: UpdateRequest[] = [];
  const signals: AbortSignal[] = [];
  const log: string[] = [];
  const clock = fakeClock();
  const now = options.now ?? (() => new Date(NOW.getTime() + clock.nowMs()));
  const app = await servedApp({
    ...(build === undefined ? {} : { build }),
    ...(config === undefined ? {} : { config }),
    deps: {
      log: createLogger({ format: "text", level: "info", write: (line) => log.push(line), now }),
      nowMs: clock.nowMs,
      updates: {
        port: {
          request: async (update, signal) => {
            asked.push(update);
            signals.push(signal);
            return answer(update);
          },
          sources: () => sources,
        },
        secret: async () => (secret === undefined ? undefined : utf8(secret)),
        now,
        stopped: new AbortController().signal,
      },
    },
  });
  const post: UpdateApp["post"] = (body, headers = {}) =>
    app.request("/api/update", { method: "POST", body, headers });
  return {
    ...app,
    asked,
    signals,
    log,
    advance: clock.advance,
    setSecret: (next) => {
      secret = next;
    },
    post,
    own: (body) => {
      const text = JSON.stringify(body);
      return post(text, ownHeaders(text, now()));
    },
  };
}

const UNCHANGED: UpdateOutcome = { state: "unchanged", reasons: [] };

/** Signs as GitHub does. */
export function githubSignature(body: string, secret = SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** Gives the headers of a request of our own form. */
export function ownHeaders(body: string, now: Date, secret = SECRET): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return {
    "content-type": "application/json",
    "x-devreg-timestamp": timestamp,
    "x-devreg-signature-256": githubSignature(`${timestamp}.${body}`, secret),
  };
}

/** Gives the headers of a webhook of GitHub. */
export function githubHeaders(body: string, event = "push"): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-github-event": event,
    "x-hub-signature-256": githubSignature(body),
  };
}

/** Gives the headers of a webhook of GitLab. */
export function gitlabHeaders(event = "Push Hook"): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-gitlab-event": event,
    "x-gitlab-token": SECRET,
  };
}
