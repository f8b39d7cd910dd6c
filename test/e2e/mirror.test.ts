import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { parseReference } from "../../src/oci-client/index.ts";
import { devregBinary, type Finished } from "../support/devreg.ts";
import { type Access, readAccesses } from "../support/docker-registry.ts";
import {
  INTERNAL,
  type IsolatedRegistry,
  openIsolatedRegistry,
  skopeoPull,
} from "../support/isolated-registry.ts";
import { type MirrorSample, mirrorSample, REGISTRY_URL } from "../support/mirror-sample.ts";
import { openNetworkNamespace } from "../support/network-namespace.ts";
import {
  follow,
  type OutsideNetwork,
  openOutsideNetwork,
  startServer,
  unpack,
} from "../support/offline-registry.ts";
import { REGISTRY_ACCESSES } from "../support/outside-world.ts";
import { runProgram } from "../support/program.ts";
import type { FollowedAll } from "../support/strict-client.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { containedCommand, unpackImage } from "../support/unpacked-image.ts";

// Whole processes in networks of their own, on a busy machine.
setDefaultTimeout(60_000);

const PUBLIC = "http://devfiles.internal:8080";
const MIRROR = `${INTERNAL}/mirror`;
const PORTS = ["--listen=0.0.0.0:8080", "--metrics-listen=off"];
const closing = new AsyncDisposableStack();
let work: TemporaryFolder;
let sample: MirrorSample;
let outside: OutsideNetwork;
let inside: IsolatedRegistry;

const at = (name: string) => join(work.path, name);

beforeAll(async () => {
  work = await temporaryFolder();
  closing.defer(() => work.remove());
  sample = await mirrorSample(at("world"));
  outside = await openOutsideNetwork(sample.world, at("network"));
  closing.defer(() => outside.close());
  inside = await openIsolatedRegistry(at("inside"), ["devfiles.internal"]);
  closing.defer(() => inside.close());
});
afterAll(() => closing.disposeAsync());

function save(bundle: string): Promise<Finished> {
  const command = [devregBinary(), "mirror", "save", REGISTRY_URL, "--to", at(bundle)];
  return outside.run([...command, "--public-url", PUBLIC, "--ca-file", outside.caFile]);
}

const outsideLog = () => join(sample.world.folder, REGISTRY_ACCESSES);

/** The layers of the sample's images among what a registry was asked, in order. */
function layersAmong(accesses: readonly Access[]): readonly string[] {
  const layers = new Set<string>(
    [...sample.images, sample.base]
      .flatMap(({ graph }) => graph.below)
      .filter(({ descriptor }) => descriptor.mediaType.includes("gzip"))
      .map(({ descriptor }) => descriptor.digest),
  );
  return accesses
    .map(({ path }) => /sha256:[0-9a-f]{64}/.exec(decodeURIComponent(path))?.[0] ?? "")
    .filter((digest) => layers.has(digest));
}

function load(): Promise<Finished> {
  const command = [devregBinary(), "mirror", "load", at("bundle.tar"), "--to", MIRROR];
  return inside.run([...command, "--public-url", PUBLIC, "--plain-http", INTERNAL]);
}

const isWrite = ({ method }: Access) => method !== "GET" && method !== "HEAD";

/** Follows everything, and pulls every image that is named; all must be there and be the same. */
async function expectWhole(all: FollowedAll, registry: string, network = inside): Promise<void> {
  expect(all.followed.every(({ url }) => url.startsWith(`${PUBLIC}/`))).toBe(true);
  const trees = all.followed.filter(({ content }) => content !== undefined);
  expect([...new Set(trees.map(({ from }) => from))].sort()).toEqual(
    Object.keys(sample.trees).sort(),
  );
  for (const archive of trees) {
    const folder = at(`trees/${registry}/${archive.from}/${archive.kind}`);
    expect(await unpack(archive, folder)).toEqual(sample.trees[archive.from] ?? {});
  }
  const expected = new Map(
    sample.images.map(({ image, graph }) => [
      `${registry}/${image}`,
      String(graph.root.descriptor.digest),
    ]),
  );
  const pulled = new Map<string, string>();
  for (const image of new Set(all.images.map((named) => fullName(named.image)))) {
    pulled.set(image, await skopeoPull(network, image, at(`pulled/${image}`)));
  }
  expect(pulled).toEqual(expected);
}

/** Devfiles may leave "latest" out. */
function fullName(image: string): string {
  const { tag, digest } = parseReference(image);
  return tag === undefined && digest === undefined ? `${image}:latest` : image;
}

describe("devreg mirror", () => {
  test("save brings all into one file, the same bytes each time", async () => {
    const run = await save("bundle.tar");
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain("6 of 6 images");
    const layers = layersAmong(readAccesses(outsideLog()));
    expect(layers.length).toBeGreaterThan(sample.images.length);
    expect(new Set(layers).size).toBe(layers.length);
    expect(await save("twin.tar")).toMatchObject({ code: 0 });
    await runProgram(["cmp", at("bundle.tar"), at("twin.tar")]);
  });

  test("save again fetches no layer again", async () => {
    const before = readAccesses(outsideLog()).length;
    expect(await save("bundle.tar")).toMatchObject({ code: 0 });
    expect(layersAmong(readAccesses(outsideLog()).slice(before))).toEqual([]);
    await runProgram(["cmp", at("bundle.tar"), at("twin.tar")]);
  });

  test("load brings every image with what hangs on it, and again nothing", async () => {
    const first = await load();
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain(`mirrored into ${MIRROR}\n`);
    const puts = readAccesses(inside.accessLog).filter(({ method, path }) => {
      return method === "PUT" && !path.startsWith("/v2/mirror/devfile-index/");
    });
    const sent = layersAmong(puts);
    expect(new Set(sent).size).toBe(sent.length);
    const inspect = ["skopeo", "inspect", "--raw", "--tls-verify=false"];
    for (const { image, graph, attached } of sample.images) {
      if (attached !== true) continue;
      const { registry: host, repository } = parseReference(image);
      const tag = graph.root.descriptor.digest.replace(":", "-");
      for (const name of [tag, `${tag}.sig`]) {
        const there = `docker://${MIRROR}/${host}/${repository}:${name}`;
        expect(await inside.must([...inspect, there])).toContain('"schemaVersion":2');
      }
    }
    const before = readAccesses(inside.accessLog).length;
    const second = await load();
    expect(second).toMatchObject({ code: 0 });
    expect(readAccesses(inside.accessLog).slice(before).filter(isWrite)).toEqual([]);
    expect(await inside.outNoRoutes()).toBe(0);
  });

  test("audit and verify find nothing, in the bundle and at the registry", async () => {
    const mirror = [devregBinary(), "mirror"];
    const plain = ["--plain-http", INTERNAL];
    for (const command of [
      ["audit", at("bundle.tar"), "--public-url", PUBLIC],
      ["audit", MIRROR, "--public-url", PUBLIC, ...plain],
      ["verify", at("bundle.tar"), "--level", "blob"],
      ["verify", at("bundle.tar"), "--at", MIRROR, "--level", "blob", ...plain],
    ]) {
      const run = await inside.run([...mirror, ...command]);
      expect(run).toMatchObject({ code: 0 });
    }
    expect(await inside.outNoRoutes()).toBe(0);
  });

  test("the image of the registry serves all of it as an arbitrary user", async () => {
    const image = await unpackImage(
      `${MIRROR}/devfile-index:latest`,
      at("container"),
      inside.network.inside,
    );
    const command = containedCommand(image, { DEVREG_LISTEN: "0.0.0.0:8080" });
    await using _served = await startServer(inside.network, command);
    await expectWhole(await follow(inside.network, PUBLIC), MIRROR);
    expect(await inside.outNoRoutes()).toBe(0);
  });

  test("serve of the bundle needs no registry at all", async () => {
    const network = await openNetworkNamespace({ aliases: ["devfiles.internal"] });
    closing.defer(() => network.close());
    await runProgram(["tar", "-xf", at("bundle.tar"), "-C", work.path, "devreg"]);
    const serve = [at("devreg"), "serve", at("bundle.tar"), "--public-url", PUBLIC, ...PORTS];
    await using _served = await startServer(network, serve);
    const all = await follow(network, PUBLIC);
    const must = (command: readonly string[]) => runProgram(network.inside(command));
    await expectWhole(all, "devfiles.internal:8080", { ...inside, must });
    expect(all.outNoRoutes).toBe(0);
  });
});
