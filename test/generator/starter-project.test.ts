import { describe, expect, test } from "bun:test";
import { utf8 } from "../../src/bytes.ts";
import { readStarterProject } from "../../src/generator/index.ts";

const DEVFILE = utf8(`schemaVersion: 2.2.0
starterProjects:
  - name: zipped
    subDir: src
    zip: {location: https://zip.example/x.zip}
  - name: beside
    zip: {location: app.zip}
  - name: zipped
    zip: {location: https://zip.example/second.zip}
  - no name
`);

describe("readStarterProject()", () => {
  test("finds projects by name, the first of several", () => {
    expect(readStarterProject(DEVFILE, "zipped")).toEqual({
      name: "zipped",
      zip: "https://zip.example/x.zip",
      source: { kind: "zip", location: "https://zip.example/x.zip", subDir: "src" },
    });
    expect(readStarterProject(DEVFILE, "beside")).toEqual({ name: "beside", zip: "app.zip" });
    expect(readStarterProject(DEVFILE, "constructor")).toBeUndefined();
  });

  test("reads the same bytes once, whatever is asked for", () => {
    const found = readStarterProject(DEVFILE, "zipped");
    expect(readStarterProject(DEVFILE, "none")).toBeUndefined();
    expect(readStarterProject(DEVFILE, "zipped")).toBe(found);
  });

  test("finds nothing in what is no devfile", () => {
    expect(readStarterProject(utf8("- [}"), "a")).toBeUndefined();
    expect(readStarterProject(utf8("starterProjects: {a: b}"), "a")).toBeUndefined();
  });
});
