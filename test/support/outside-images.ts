import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { utf8 } from "../../src/bytes.ts";
import { eachBounded } from "../../src/concurrent.ts";
import { createTransportPool } from "../../src/net/index.ts";
import {
  describe as describeContent,
  OCI_INDEX,
  parseReference,
} from "../../src/oci-client/index.ts";
import { containerImage, tarLayer } from "./container-image.ts";
import { devregBinary } from "./devreg.ts";
import { startDockerRegistry } from "./docker-registry.ts";
import { type OutsideWorld, REGISTRY_FOLDER } from "./outside-world.ts";
import { runProgram } from "./program.ts";
import { openRemote } from "./remote.ts";
import type { SampleGraph } from "./sample-content.ts";
import { attachTo, pushImage } from "./sample-image.ts";

/** The base that offline registry images are made on when nothing else is said. */
export const DEFAULT_BASE = "gcr.io/distroless/base-nossl-debian12:latest";
/** Docker Hub answers under a name that is not the one in references. */
const API_HOSTS: Readonly<Record<string, string>> = { "docker.io": "registry-1.docker.io" };
const PUSHES_AT_ONCE = 4;
/** What the executable is linked to. */
const LIBRARIES = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0"];

/** An image of the outside world. */
export interface OutsideImage {
  /** Full name: "docker.io/library/nginx:1.27", "quay.io/devfile/udi@sha256:…". */
  readonly image: string;
  readonly graph: SampleGraph;
  /** Hangs an SBOM and a signature on it, as OCI 1.1 and cosign have them. */
  readonly attached?: boolean;
}

/** Puts images into the registries of a world; they answer to https at their hosts. */
export async function addImages(
  world: OutsideWorld,
  images: readonly OutsideImage[],
): Promise<void> {
  const dir = join(world.folder, REGISTRY_FOLDER);
  mkdirSync(dir, { recursive: true });
  await using closing = new AsyncDisposableStack();
  const registry = await startDockerRegistry({ dir });
  closing.defer(() => registry.stop());
  const pool = createTransportPool({ userAgent: "devreg-tests" });
  closing.defer(() => pool.close());
  const remote = openRemote(registry.host, { send: pool.send });
  await eachBounded(images, PUSHES_AT_ONCE, async ({ image, graph, attached }) => {
    const name = parseReference(image);
    const host = API_HOSTS[name.registry] ?? name.registry;
    world.addHost(host);
    const repository = remote.repository(`${host}/${name.repository}`);
    // What is named by its digest alone has some tag all the same.
    await pushImage(repository, name.tag ?? "some", graph);
    if (attached !== true) return;
    const { sbom } = await attachTo(repository, graph);
    // The registry has no API for referrers: who pushes one names it in an index under a tag.
    const manifests = [{ ...sbom.root.descriptor, artifactType: "application/spdx+json" }];
    const index = utf8(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
    const tag = graph.root.descriptor.digest.replace(":", "-");
    await repository.tag(describeContent(OCI_INDEX, index), tag, index);
  });
}

/** Makes a base image that holds what the executable of this machine is linked to, and arm64. */
export async function baseImage(folder: string): Promise<SampleGraph> {
  const root = join(folder, "base");
  const libraries = await runProgram(["ldd", devregBinary()]);
  for (const name of ["lib", "lib64", "proc", "tmp"])
    mkdirSync(join(root, name), { recursive: true });
  for (const library of LIBRARIES) {
    const path = new RegExp(`${library.replaceAll(".", "\\.")} => (\\S+)`).exec(libraries)?.[1];
    await runProgram(["cp", "-L", path ?? library, join(root, "lib", library)]);
  }
  const loader = /(\/\S*ld-linux\S*)/.exec(libraries)?.[1] ?? "";
  await runProgram(["cp", "-L", loader, join(root, loader.startsWith("/lib64") ? "lib64" : "lib")]);
  const tar = join(folder, "base.tar");
  const same = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
  await runProgram(["tar", "-C", root, ...same, "-cf", tar, "."]);
  const below = { "linux/amd64": tarLayer(readFileSync(tar)) };
  rmSync(root, { recursive: true });
  return containerImage("base", { below });
}
