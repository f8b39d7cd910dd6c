import { describe, expect, test } from "bun:test";
import { renderPublishReport } from "../../../src/cli/bootstrap/render.ts";
import type { PublishReport } from "../../../src/generator/index.ts";

const REPORT: PublishReport = {
  pushed: 1,
  unchanged: 0,
  bytes: 3,
  index: "pushed",
  failures: [],
  rejected: [
    {
      name: "devfile-catalog/Go\n:1",
      repository: "devfile-catalog/Go\n",
      tag: "1",
      error: new Error("no\u001b[2J name"),
    },
  ],
  digests: {},
};
const LOCATION = { registry: "r.example", prefix: "team" };

describe("renderPublishReport()", () => {
  test("names what no registry can hold, without its control characters", () => {
    const lines = renderPublishReport(REPORT, LOCATION, "text").split("\n");
    expect(lines).toEqual([
      "failed: devfile-catalog/Go\\n:1: no\\u001b[2J name",
      "1 pushed (3 B), 0 unchanged, 1 failed at r.example/team",
      "index: pushed",
      "",
    ]);
  });

  test("names it to machines too", () => {
    const { failures } = JSON.parse(renderPublishReport(REPORT, LOCATION, "json"));
    expect(failures).toEqual([{ name: "devfile-catalog/Go\n:1", error: "no\u001b[2J name" }]);
  });
});
