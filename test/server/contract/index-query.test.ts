import { describe, expect, test } from "bun:test";
import { parseIndexQuery, parseSchemaRange } from "../../../src/server/contract/index.ts";

describe("parseIndexQuery()", () => {
  test("prints equal for equal queries, whatever their order and noise", () => {
    const a = parseIndexQuery("v2", "tags=b&name=go&tags=a&x=1&icon=");
    const b = parseIndexQuery("v2", "name=go&tags=b&y=2&tags=a");
    expect(JSON.stringify(a.query)).toBe(JSON.stringify(b.query));
    expect(a.query).toEqual({ name: "go", tags: ["b", "a"] });
  });

  test("decodes blanks and percent signs", () => {
    const { query } = parseIndexQuery("v1", "provider=Red+Hat&description=100%25");
    expect(query).toEqual({ provider: "Red Hat", description: "100%" });
  });

  test.each([
    ["minVersion", "1"],
    ["minVersion", "x.y"],
    ["maxVersion", "1.2.3.4"],
    ["minSchemaVersion", "1.0"],
    ["maxSchemaVersion", "2.2.0-beta"],
    ["minLastModified", "2025-13-45"],
    ["minLastModified", "2025-02-29"],
    ["maxLastModified", "25-01-01"],
    ["maxLastModified", "2025-01-01T00:00:00Z"],
    ["default", "yes"],
    ["deprecated", "TRUE"],
    ["arch", "x86"],
    ["arch", "amd64,arm64"],
    ["arch", "AMD64"],
    ["minVersion", "v1.0"],
    ["maxVersion", "1.0.0-rc"],
    ["minSchemaVersion", "2"],
    ["maxSchemaVersion", "10.0"],
    ["minLastModified", "2025-1-1"],
  ])("refuses %s=%s", (parameter, value) => {
    const { fault } = parseIndexQuery("v2", `${parameter}=${value}`);
    expect(fault).toMatchObject({ parameter, value });
  });

  test.each([
    "minVersion=0.1",
    "minVersion=12.34.56",
    "minSchemaVersion=9.0",
    "maxVersion=1.2.3",
    "minSchemaVersion=2.2",
    "maxSchemaVersion=9.99.1",
    "minLastModified=2024-02-29",
    "default=false",
    "deprecated=true",
    "arch=amd64&arch=arm64&arch=ppc64le&arch=s390x",
  ])("takes %s", (text) => {
    expect(parseIndexQuery("v2", text).fault).toBeUndefined();
  });

  test("refuses a list with one wrong value and names them all", () => {
    const { fault } = parseIndexQuery("v1", "arch=amd64&arch=mips");
    expect(fault).toMatchObject({ parameter: "arch", value: "amd64,mips" });
  });
});

describe("parseSchemaRange()", () => {
  test("reads schema versions and nothing else", () => {
    expect(parseSchemaRange("minSchemaVersion=2.1&name=x").query).toEqual({
      minSchemaVersion: "2.1",
    });
    expect(parseSchemaRange("maxSchemaVersion=abc").fault?.parameter).toBe("maxSchemaVersion");
  });
});
