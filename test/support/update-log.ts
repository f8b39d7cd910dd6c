import type { UpdateLog } from "../../src/server/index.ts";

const [EARLIER, LATER] = [new Date("2026-01-02T03:00:00Z"), new Date("2026-01-02T03:04:05Z")];

/** A commit that sample logs name. */
export const LOGGED_COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** The log of a server whose source went away after its start, in front of a registry. */
export const SAMPLE_LOG: UpdateLog = {
  updates: [
    {
      askedBy: ["poll", "webhook"],
      state: "failed",
      began: LATER,
      ms: 1250,
      before: LOGGED_COMMIT,
      after: "fits\r\nno header",
      trouble: { kind: "unreachable", detail: "no route to <b>10.0.0.7" },
      times: 12,
      firstBegan: EARLIER,
    },
    {
      askedBy: ["start"],
      state: "updated",
      began: EARLIER,
      ms: 0,
      before: undefined,
      after: LOGGED_COMMIT,
      trouble: undefined,
      times: 1,
      firstBegan: EARLIER,
    },
  ],
  lastChange: EARLIER,
  looks: [
    { of: "source", last: LATER, upToDate: EARLIER, next: undefined },
    {
      of: "registry",
      last: LATER,
      upToDate: LATER,
      next: new Date("2026-01-02T03:09:05Z"),
    },
  ],
};
