import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CountedRequest } from "../support/counting-proxy.ts";
import { devregBinary } from "../support/devreg.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { runFinished } from "../support/finished.ts";
import { runProgram } from "../support/program.ts";
import { registryContent } from "../support/registry-content.ts";
import { devfileText } from "../support/registry-repository.ts";
import { blobOfSize, type SampleGraph } from "../support/sample-content.ts";
import { platformImage, pushImage } from "../support/sample-image.ts";
import { openSmallMirror, type SmallMirror } from "../support/small-mirror.ts";
import { smallVolume } from "../support/small-volume.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";
let mirror: SmallMirror;
let good: SampleGraph;

beforeAll(async () => {
  mirror = await openSmallMirror({ fault: misbehave });
  good = await mirror.push("good:1");
  await mirror.push("tools:1");
});
afterAll(() => mirror[Symbol.asyncDispose]());

/** Denies one image, and has one that is too old. */
function misbehave({ method, path }: CountedRequest): Response | undefined {
  if (path.startsWith("/v2/secret/")) {
    const headers = { "www-authenticate": 'Basic realm="images"' };
    return new Response("who are you?", { status: 401, headers });
  }
  if (!path.startsWith("/v2/old/manifests/")) return undefined;
  const headers = { "content-type": SCHEMA1, "content-length": "2" };
  return new Response(method === "HEAD" ? null : "{}", { headers });
}

/** Writes a stack whose image is good, and one with another image, and saves both. */
async function saveWith(image: string, name: string, ...words: readonly string[]) {
  await mirror.write(name, { kept: [mirror.image("good:1")], lost: [image] });
  return mirror.save(name, `${name}.tar`, ...words);
}

/** Which stacks the target has below a prefix. */
async function stacksAt(prefix: string): Promise<readonly string[]> {
  const start = `${prefix}/devfile-catalog/`;
  const content = await registryContent(mirror.target.host, start);
  return Object.keys(content).map((name) => name.slice(start.length));
}

describe("devreg mirror with images that cannot be had", () => {
  const PLACE = "  named by stacks/lost/devfile.yaml /components/0/container/image\n";
  const cases: Readonly<Record<string, readonly [image: string, failure: string, hint: string]>> = {
    "an unknown host": [
      "nowhere.invalid/x/y:1",
      "failed: nowhere.invalid/x/y:1: Cannot reach nowhere.invalid: there is no such host",
      "leave it out: --exclude HOST/REPOSITORY",
    ],
    "denied credentials": [
      "SOURCE/secret:1",
      "answered 401",
      "hint: Check the credentials for this registry: DEVREG_AUTH_<HOST>, --authfile or a login",
    ],
    "a tag that is not there": [
      "SOURCE/good:2",
      "its registry does not have it",
      "leave it out: --exclude",
    ],
    "a variable without a value": [
      "SOURCE/good:{{version}}",
      'the variable "version" has no value',
      "hint: Give the variable a value under variables in the devfile",
    ],
    "a manifest of schema 1": [
      "SOURCE/old:1",
      "it is of Docker's schema 1",
      "hint: Build the image anew, or pull and push it with a current engine",
    ],
  };
  for (const [at, [what, [written, failure, hint]]] of Object.entries(cases).entries()) {
    test(`leaves out the stack of ${what}, saves the rest, and ends with 2`, async () => {
      const image = written.replace("SOURCE", mirror.proxy.host);
      const run = await saveWith(image, `missing-${at}`);
      expect(run).toMatchObject({ code: 2 });
      expect(run.stdout).toContain(`failed: ${image}: `);
      expect(run.stdout).toContain(failure);
      expect(run.stdout).toContain(hint);
      expect(run.stdout).toContain(PLACE);
      expect(run.stdout).toContain("left out: stack lost 1.0.0\n");
      expect(run.stdout).toContain("1 of 2 images");
      const to = `${mirror.target.host}/missing-${at}`;
      expect(await mirror.run("load", `missing-${at}.tar`, "--to", to)).toMatchObject({ code: 0 });
      expect(await stacksAt(`missing-${at}`)).toEqual(["kept:1.0.0"]);
    });
  }

  test("saves the stack of an image that is excluded, and says so", async () => {
    const run = await saveWith(
      "nowhere.invalid/x/y:1",
      "excluded",
      "--exclude",
      "nowhere.invalid/*/y",
    );
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain("note: excluded: nowhere.invalid/x/y:1\n");
    expect(run.stdout).toContain(" 2 stack versions, 0 failed");
  });

  test("refuses parents that lead in a circle, or leaves them out by force", async () => {
    await mirror.write("circle", { kept: [mirror.image("good:1")] });
    for (const [name, id] of Object.entries({ a: "b", b: "a" })) {
      const parent = `parent: {id: ${id}, registryUrl: "https://registry.devfile.io"}\n`;
      const text = devfileText({ name, icon: '"data:x"' }, parent);
      await Bun.write(mirror.at(`circle/stacks/${name}/devfile.yaml`), text);
    }
    const refused = await mirror.save("circle", "circle.tar");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(/stacks\/a\/devfile.yaml:\d+:\d+: .*lead in a circle: /);
    for (const words of [[], ["--public-url", "https://devfiles.internal"]]) {
      const run = await mirror.save("circle", "circle.tar", "--force", ...words);
      expect(run).toMatchObject({ code: 2 });
      expect(run.stdout).toMatch(/error: stacks\/a\/devfile.yaml:\d+:\d+: .*lead in a circle: /);
      expect(run.stdout).toContain("left out: stack a 1.0.0\n");
      expect(run.stdout).toContain(" 1 stack version, 0 failed");
    }
  });
});

describe("devreg mirror with a lock", () => {
  test("takes what was planned when a tag moved since, and says so", async () => {
    await mirror.push("moving:1");
    await mirror.write("moving", { one: [mirror.image("moving:1")] });
    const plan = ["plan", "moving", "--base", "none"];
    expect(await mirror.run(...plan, "-o", "moving.json")).toMatchObject({ code: 0 });
    expect(await mirror.save("moving", "before.tar")).toMatchObject({ code: 0 });
    const now = (await mirror.push("moving:1", "moved")).root.descriptor.digest;
    const run = await mirror.save("moving", "after.tar", "--lock", "moving.json");
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout.match(/is taken, as it was planned/g)).toHaveLength(1);
    expect(run.stdout).toContain(`note: "${mirror.image("moving:1")}" is ${now} now; `);
    await runProgram(["cmp", mirror.at("before.tar"), mirror.at("after.tar")]);
    const check = await mirror.run(...plan, "--check", "moving.json");
    expect(check).toMatchObject({ code: 5 });
    expect(check.stdout).toContain(`differs: image ${mirror.image("moving:1")} was `);
  });
});

describe("devreg mirror with a damaged bundle", () => {
  beforeAll(async () => {
    await mirror.write("both", { kept: [mirror.image("tools:1")], lost: [mirror.image("good:1")] });
    expect(await mirror.save("both", "both.tar")).toMatchObject({ code: 0 });
  });

  test("verify names the blob; load leaves out its image and stack, and never sets its tag", async () => {
    const layer = good.below
      .filter(({ descriptor }) => descriptor.mediaType.includes("gzip"))
      .at(1);
    const bytes = readFileSync(mirror.at("both.tar"));
    const at = bytes.indexOf(layer?.bytes ?? "") + 20;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(mirror.at("bad.tar"), bytes);
    const verified = await mirror.run("verify", "bad.tar");
    expect(verified).toMatchObject({ code: 3 });
    expect(verified.stdout).toContain(
      `${mirror.image("good:1")}: layer ${layer?.descriptor.digest} cannot be read`,
    );
    expect(verified.stdout).toContain(
      ": 1 problem\nHint: Copy the bundle again, or save it again\n",
    );
    const loaded = await mirror.run("load", "bad.tar", "--to", `${mirror.target.host}/bad`);
    expect(loaded).toMatchObject({ code: 3 });
    expect(loaded.stdout).toContain(`failed: ${mirror.image("good:1")}: Cannot accept `);
    expect(loaded.stdout).toContain("left out: stack lost 1.0.0\n");
    const below = Object.keys(await registryContent(mirror.target.host, "bad/"));
    expect(below.some((name) => name.endsWith("/good:1"))).toBe(false);
    expect(below.some((name) => name.endsWith("/tools:1"))).toBe(true);
    expect(await stacksAt("bad")).toEqual(["kept:1.0.0"]);
  });

  test("refuses one that was cut off, before anything is sent", async () => {
    const bytes = readFileSync(mirror.at("both.tar"));
    writeFileSync(mirror.at("short.tar"), bytes.subarray(0, bytes.length / 2));
    for (const words of [["verify"], ["load", "--to", `${mirror.target.host}/short`]]) {
      const [verb = "", ...flags] = words;
      const run = await mirror.run(verb, "short.tar", ...flags);
      expect(run).toMatchObject({ code: 3 });
      expect(run.stderr).toMatch(
        /short.tar": it ends at byte \d+, in the middle of "blobs\/sha256/,
      );
      expect(run.stderr).toContain("Hint: Copy the file again, and compare its size and checksum");
    }
    expect(await registryContent(mirror.target.host, "short/")).toEqual({});
  });
});

describe("devreg mirror with a full disk", () => {
  beforeAll(async () => {
    const text = Buffer.from(blobOfSize(4_000_000).bytes).toString("latin1");
    await pushImage(mirror.remote.repository("big"), "1", platformImage("linux/amd64", [text]));
    await mirror.write("big", { big: [mirror.image("big:1")] });
  });

  test("save looks for room before it writes anything", async () => {
    await using volume = await smallVolume(3 * 1024 * 1024);
    const run = await mirror.save("big", join(volume.path, "big.tar"));
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr).toMatch(/Cannot write ".*big.tar": it needs [\d.]+ MiB, 3.0 MiB are free/);
    expect(run.stderr).toContain("Hint: Free space on this volume or choose another place");
    expect(readdirSync(volume.path)).toEqual([]);
  });

  test("load names the image, tags nothing, and goes on when there is room", async () => {
    expect(await mirror.save("big", "big.tar")).toMatchObject({ code: 0 });
    await using volume = await smallVolume(3 * 1024 * 1024);
    const full = await startDockerRegistry({ dir: join(volume.path, "registry") });
    try {
      const run = await mirror.run("load", "big.tar", "--to", full.host);
      expect(run.code).toBe(5);
      expect(run.stdout).toContain(`failed: ${mirror.image("big:1")}: Cannot push blob sha256:`);
      expect(run.stdout).toContain(
        "  hint: The log of the registry tells why; its disk may be full",
      );
      expect(run.stdout).toContain(`nothing was published at ${full.host}\n`);
      expect(await registryContent(full.host)).toEqual({});
      await runProgram(["mount", "-o", "remount,size=64M", volume.path]);
      expect(await mirror.run("load", "big.tar", "--to", full.host)).toMatchObject({ code: 0 });
      expect(Object.keys(await registryContent(full.host))).toContain("devreg/index:latest");
    } finally {
      await full.stop();
    }
  });
});

describe("devreg mirror load where others have names", () => {
  test("does not move a tag that it did not set, unless told to", async () => {
    await mirror.write("taken", {
      kept: [mirror.image("tools:1")],
      lost: [mirror.image("good:1")],
    });
    expect(await mirror.save("taken", "taken.tar")).toMatchObject({ code: 0 });
    await mirror.push("foreign:1");
    const [from, to] = [`${mirror.source.host}/foreign:1`, mirror.mirrored("taken", "good:1")];
    const flags = ["--all", "--src-tls-verify=false", "--dest-tls-verify=false"];
    const copy = ["skopeo", "--insecure-policy", "copy", ...flags];
    await runProgram([...copy, `docker://${from}`, `docker://${to}`]);
    const load = ["load", "taken.tar", "--to", `${mirror.target.host}/taken`];
    const refused = await mirror.run(...load);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stdout).toContain(`Cannot set tag "${to}": it points to sha256:`);
    expect(refused.stdout).toContain("say --on-existing-tag overwrite or skip\n");
    expect(await stacksAt("taken")).toEqual(["kept:1.0.0"]);
    const told = await mirror.run(...load, "--on-existing-tag", "overwrite");
    expect(told).toMatchObject({ code: 0 });
    expect(await stacksAt("taken")).toEqual(["kept:1.0.0", "lost:1.0.0"]);
  });

  test("gives images names of their own where flat ones would meet", async () => {
    await mirror.push("other/good:1", "other");
    await mirror.write("flat", {
      one: [mirror.image("good:1")],
      two: [mirror.image("other/good:1"), mirror.image("tools:1")],
    });
    expect(await mirror.save("flat", "flat.tar")).toMatchObject({ code: 0 });
    const to = ["--to", `${mirror.target.host}/flat`, "--path-style", "flat"];
    expect(await mirror.run("load", "flat.tar", ...to)).toMatchObject({ code: 0 });
    const content = Object.keys(await registryContent(mirror.target.host, "flat/"));
    const images = content.filter((name) => /^flat\/[^/]+:1$/.test(name));
    expect(images).toEqual([
      expect.stringMatching(/^flat\/good-[0-9a-f]{8}:1$/),
      expect.stringMatching(/^flat\/good-[0-9a-f]{8}:1$/),
      "flat/tools:1",
    ]);
    const audit = await mirror.run("audit", `${mirror.target.host}/flat`);
    expect(audit).toMatchObject({ code: 0 });
  });

  test("says what cannot be reached, and ends with 5", async () => {
    const run = await mirror.run("load", "flat.tar", "--to", "nowhere.invalid/x");
    expect(run).toMatchObject({ code: 5 });
    expect(run.stderr).toContain("Error: Cannot reach nowhere.invalid");
  });
});

describe("devreg mirror save --to -", () => {
  test("goes straight into load -", async () => {
    await mirror.write("piped", { one: [mirror.image("good:1")] });
    const devreg = `${devregBinary()} mirror`;
    const save = `${devreg} save piped --to - --base none`;
    const load = `${devreg} load - --to ${mirror.target.host}/piped`;
    const run = await runFinished(["sh", "-c", `cd ${mirror.folder} && ${save} | ${load}`]);
    expect(run).toMatchObject({ code: 0 });
    expect(await stacksAt("piped")).toEqual(["one:1.0.0"]);
    expect(run.stderr).toContain("load it with: devreg mirror load - --to HOST[:PORT][/PREFIX]\n");
  });
});
