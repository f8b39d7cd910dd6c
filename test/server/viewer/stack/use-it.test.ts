import { describe, expect, test } from "bun:test";
import type { IndexEntry } from "../../../../src/generator/index.ts";
import { html } from "../../../../src/server/viewer/html.ts";
import { versionsOf } from "../../../../src/server/viewer/stack/find-entry.ts";
import { shellCommand } from "../../../../src/server/viewer/stack/shell.ts";
import { useIt, waysOf } from "../../../../src/server/viewer/stack/use-it.ts";
import { GO_STACK, SAMPLE } from "../../../support/sample-build.ts";

function commands(entry: IndexEntry, origin: string, base = ""): readonly string[] {
  const [version] = versionsOf(entry);
  if (version === undefined) return [];
  const site = { origin, base, isFixed: true };
  const used = { site, registry: "My Registry", entry, version, model: undefined };
  const { markup } = useIt(used);
  expect(markup).toContain("data-copy=");
  const labels = [...markup.matchAll(/aria-label="([^"]+)"/g)].map(([, label]) => label);
  expect(new Set(labels).size).toBe(labels.length);
  return waysOf(used).flatMap((way) => way.commands.filter((line) => line !== undefined));
}

describe("waysOf()", () => {
  test("gives commands with the addresses of this site", () => {
    expect(commands(GO_STACK, "https://devfiles.example", "/base")).toEqual([
      "odo preference add registry my-registry https://devfiles.example/base",
      "odo init --name my-app --devfile go --devfile-registry my-registry --devfile-version 2.0.0",
      "code --install-extension redhat.vscode-openshift-connector",
      "https://devfiles.example/base",
      "https://CHE-HOST/#https://devfiles.example/base/devfiles/go/2.0.0",
      "curl -fsSL -o devfile.yaml https://devfiles.example/base/devfiles/go/2.0.0",
      "oras pull devfiles.example/devfile-catalog/go:2.0.0",
      "skopeo copy docker://devfiles.example/devfile-catalog/go:2.0.0 oci:go:2.0.0",
      "devreg serve --follow devfiles.example",
    ]);
  });

  test("says so where there is no TLS", () => {
    const all = commands(GO_STACK, "http://127.0.0.1:8080").join("\n");
    expect(all).toContain("oras pull --plain-http 127.0.0.1:8080/devfile-catalog/go:2.0.0");
    expect(all).toContain("skopeo copy --src-tls-verify=false docker://127.0.0.1:8080/");
    expect(all).toContain("devreg serve --plain-http --follow 127.0.0.1:8080");
  });

  test("has for samples what needs no artifact", () => {
    const all = commands(SAMPLE, "https://devfiles.example").join("\n");
    expect(all).toContain("https://devfiles.example/devfiles/hello");
    expect(all).not.toMatch(/oras|skopeo|odo/);
  });

  test("leaves out a command that a name would break", () => {
    for (const name of ["--help", "a\nrm -rf ~", "a\u202eb", "\u001b[2J"]) {
      const all = commands({ ...GO_STACK, name }, "https://devfiles.example").join("\n");
      expect(all).not.toContain("odo init");
    }
  });
});

describe("shellCommand()", () => {
  test.each([
    ["a.b-c", "x a.b-c"],
    ["a b", "x 'a b'"],
    ["$(id)`id`;", "x '$(id)`id`;'"],
    ["it's", "x 'it'\\''s'"],
  ])("quotes %p", (foreign, expected) => {
    expect(shellCommand("x", { foreign })).toBe(expected);
    const echo = Bun.spawnSync(["sh", "-c", `printf %s ${expected.slice(2)}`]);
    expect(echo.stdout.toString()).toBe(foreign);
  });

  test.each(["", "-x", "a\u0000", "a\nb", "a\u2066b", "\ud800"])("refuses %p", (foreign) => {
    expect(shellCommand("x", { foreign })).toBeUndefined();
  });

  test("keeps markup out of pages", () => {
    const line = shellCommand("x", { foreign: '"><script>' });
    expect(html`${line}`.markup).not.toContain("<script>");
  });
});
