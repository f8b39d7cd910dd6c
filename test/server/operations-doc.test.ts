import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as apiLimits from "../../src/api-limits.ts";
import * as limits from "../../src/limits.ts";
import { createLogger } from "../../src/log.ts";
import * as webhookLimits from "../../src/webhook-limits.ts";
import { servedApp } from "../support/served-app.ts";

const TEXT = readFileSync(join(import.meta.dir, "../../docs/operations.md"), "utf8");

/** Gives the rows of the table below a heading, each as its cells. */
function tableOf(heading: string): readonly (readonly string[])[] {
  const section = TEXT.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("| "));
  return lines
    .slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, ...cells]) => cells);
}

const plain = (cell = "") => cell.replaceAll("`", "");

describe("docs/operations.md", () => {
  test("lists the metrics that there are, with their labels", async () => {
    const { get, metrics } = await servedApp();
    metrics.watchProcess();
    await get("/index?name=go");
    metrics.updateEnded({ state: "updated", seconds: 1 });
    const { text } = await metrics.render();
    const served = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? "");
    const listed = tableOf("Metrics");
    expect(listed.map(([name]) => plain(name)).sort()).toEqual(served.sort());
    for (const [name, labels] of listed) {
      const series = new RegExp(`^${plain(name)}(?:_count)?\\{(.*)\\} `, "m").exec(text)?.[1] ?? "";
      const found = [...series.matchAll(/(\w+)=/g)].map(([, label]) => label ?? "");
      const told = plain(labels).split(", ").filter(Boolean);
      expect({ name, labels: found.sort() }).toEqual({ name, labels: told.sort() });
    }
  });

  test("lists the fields of a line of the access log", async () => {
    const lines: string[] = [];
    const log = createLogger({
      format: "json",
      level: "info",
      write: (line) => lines.push(line),
      now: () => new Date(0),
    });
    const { request } = await servedApp({ config: { accessLog: "all" }, deps: { log } });
    const requestIP = () => ({ address: "192.0.2.1" });
    await request("/index?token=a-secret", {}, { requestIP });
    const fields = Object.keys(JSON.parse(lines[0] ?? "{}"));
    const common = ["time", "level", "message"];
    const listed = tableOf("Log").map(([name]) => plain(name));
    expect(listed.sort()).toEqual(fields.filter((field) => !common.includes(field)).sort());
    expect(lines.join()).not.toContain("a-secret");
  });

  test("lists the headers that every answer has", async () => {
    const { get } = await servedApp({ config: { tlsOnly: true } });
    const { headers } = await get("/index");
    for (const [name] of tableOf("Headers of every answer")) {
      expect({ name, there: headers.has(plain(name)) }).toEqual({ name, there: true });
    }
  });

  test("gives limits as they are", () => {
    const known: Readonly<Record<string, unknown>> = { ...limits, ...apiLimits, ...webhookLimits };
    const tables = [tableOf("Limits"), tableOf("Starter projects")];
    for (const table of tables) expect(table.length).toBeGreaterThan(5);
    const listed = tables.flat();
    for (const [name, value] of listed) {
      expect({ name, value: String(known[plain(name)]) }).toEqual({ name, value: plain(value) });
    }
  });
});
