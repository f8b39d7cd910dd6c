import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { openReport } from "../../../src/cli/mirror/report-file.ts";
import { silentLogger } from "../../../src/log.ts";
import { testEdge } from "../../support/edge.ts";
import { failureOf } from "../../support/remote.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("openReport()", () => {
  test("writes that it is under way, then how it ended, credentials left out", async () => {
    await using folder = await temporaryFolder();
    const edge = testEdge([], {}, folder.path);
    const read = () => Bun.file(join(folder.path, "report.json")).json();
    const report = await openReport(edge, "report.json", silentLogger);
    expect(await read()).toMatchObject({ exitCode: -1, notes: ["under way"] });
    const notes = ["not fetched: https://user:hunter2@git.example/x"];
    await report.end({ items: [], leftOut: [], notes, closing: [], exitCode: 0 });
    expect(await read()).toMatchObject({
      exitCode: 0,
      notes: ["not fetched: https://git.example/x"],
    });
  });

  test("says at once that a report cannot be written", async () => {
    await using folder = await temporaryFolder();
    const edge = testEdge([], {}, folder.path);
    const failure = await failureOf(openReport(edge, "nowhere/report.json", silentLogger));
    expect(failure.code).toBe("IO");
  });
});
