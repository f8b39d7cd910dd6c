import { describe, expect, test } from "bun:test";
import { newReference, type Pin } from "../../../src/airgap/rewrite-images/index.ts";
import { utf8 } from "../../../src/bytes.ts";
import { digestOf } from "../../../src/oci-client/index.ts";

const [OLD, NEW] = [digestOf(utf8("old")), digestOf(utf8("new"))];
const rename = (image: string) =>
  image.startsWith("quay.io/") ? `mirror.internal:5000/m/${image}` : undefined;
const at = (image: string, pin: Pin, isKnown = true) =>
  newReference(image, { rename, pin, digestOf: () => (isKnown ? NEW : undefined) });
const TO = "mirror.internal:5000/m/quay.io/a/b";

describe("newReference()", () => {
  test.each<[string, Pin, string, string]>([
    ["quay.io/a/b", "written", TO, TO],
    ["quay.io/a/b", "tag", `${TO}:latest`, `${TO}:latest`],
    ["quay.io/a/b", "digest", `${TO}@${NEW}`, `${TO}:latest`],
    ["quay.io/a/b", "tag+digest", `${TO}:latest@${NEW}`, `${TO}:latest`],
    ["quay.io/a/b:1", "written", `${TO}:1`, `${TO}:1`],
    ["quay.io/a/b:1", "tag", `${TO}:1`, `${TO}:1`],
    ["quay.io/a/b:1", "digest", `${TO}@${NEW}`, `${TO}:1`],
    ["quay.io/a/b:1", "tag+digest", `${TO}:1@${NEW}`, `${TO}:1`],
    [`quay.io/a/b@${OLD}`, "written", `${TO}@${NEW}`, `${TO}@${OLD}`],
    [`quay.io/a/b@${OLD}`, "tag", `${TO}@${NEW}`, `${TO}@${OLD}`],
    [`quay.io/a/b@${OLD}`, "digest", `${TO}@${NEW}`, `${TO}@${OLD}`],
    [`quay.io/a/b@${OLD}`, "tag+digest", `${TO}@${NEW}`, `${TO}@${OLD}`],
    [`quay.io/a/b:1@${OLD}`, "written", `${TO}@${NEW}`, `${TO}@${OLD}`],
    [`quay.io/a/b:1@${OLD}`, "tag", `${TO}:1`, `${TO}:1`],
    [`quay.io/a/b:1@${OLD}`, "tag+digest", `${TO}:1@${NEW}`, `${TO}:1@${OLD}`],
  ])("%s pinned by %s", (image, pin, known, unknown) => {
    expect(at(image, pin)).toBe(known);
    expect(at(image, pin, false)).toBe(unknown);
  });

  test("leaves what has no new name, and asks by full names", () => {
    expect(at("nginx", "written")).toBeUndefined();
    const asked: string[] = [];
    const ask = (name: string) => {
      asked.push(name);
      return undefined;
    };
    newReference("nginx", {
      rename: (image) => ask(image) ?? "a.b/c",
      pin: "digest",
      digestOf: ask,
    });
    expect(asked).toEqual(["docker.io/library/nginx", "docker.io/library/nginx:latest"]);
  });

  test("refuses a new name that is no reference", () => {
    const bad = { rename: () => "Bad Name", pin: "tag" as const, digestOf: () => undefined };
    expect(() => newReference("nginx", bad)).toThrow('Cannot read image "Bad Name:latest"');
  });
});
