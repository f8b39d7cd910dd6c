import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { formatImage, parseImageReference } from "../../src/oci-client/index.ts";
import { containerImage } from "../../test/support/container-image.ts";
import { git } from "../../test/support/git-repository.ts";
import {
  INTERNAL,
  type IsolatedRegistry,
  openIsolatedRegistry,
  skopeoPull,
} from "../../test/support/isolated-registry.ts";
import { filesOfFolder, namedImages } from "../../test/support/named-images.ts";
import {
  type NetworkNamespace,
  openNetworkNamespace,
} from "../../test/support/network-namespace.ts";
import { follow, openOutsideNetwork, startServer } from "../../test/support/offline-registry.ts";
import {
  addImages,
  baseImage,
  DEFAULT_BASE,
  type OutsideImage,
} from "../../test/support/outside-images.ts";
import { runProgram } from "../../test/support/program.ts";
import { containedCommand, unpackImage } from "../../test/support/unpacked-image.ts";
import type { OfflineRun } from "./offline.ts";
import { makeOutside } from "./outside-registry.ts";

const SOURCE = "https://github.com/devfile/registry.git";
const PUBLIC = "http://devfiles.internal:8080";
const MIRROR = `${INTERNAL}/mirror`;
/** Of the images, every so many have an SBOM and a signature; others are Docker's or single ones. */
const ATTACHED_EVERY = 4;
const DOCKER_EVERY = 5;
const SINGLE_EVERY = 7;
/** An image that is named in words of an environment variable, and one that nothing names. */
const RULES = [
  "matchers:",
  "  - at: env",
  "    name: KUBEDOCK_PARAMS",
  "    pattern: --initimage ([^ ]+)",
  "extraImages:",
  "  - quay.io/devfile/project-clone:next",
  "",
].join("\n");
const BY_RULES = ["quay.io/agiertli/kubedock:0.13.0", "quay.io/devfile/project-clone:next"];

/** A registry repository, and content for all that it names. */
interface Corpus {
  readonly images: readonly OutsideImage[];
  /** Digests that were replaced by those of generated images. */
  readonly replaced: number;
}

/**
 * Mirrors the repository as an administrator does: saved where the world can be reached, carried,
 * loaded and served where there is loopback alone.
 */
export async function acceptMirror({ repository, work, binary, step }: OfflineRun): Promise<void> {
  const [copy, bundle] = [join(work, "mirrored"), join(work, "bundle.tar")];
  const folder = join(work, "mirror-world");
  cpSync(repository, copy, { recursive: true });
  const corpus = makeImages(copy);
  const { world } = await makeOutside(copy, folder);
  await publishRepository(copy, join(folder, "git/devfile/registry.git"));
  world.addHost("github.com");
  const base = { image: DEFAULT_BASE, graph: await baseImage(folder) };
  await addImages(world, [...corpus.images, base]);
  const rules = join(work, "mirror.yaml");
  writeFileSync(rules, RULES);
  await step("mirror save brings the shared registry into one file, twice the same", async () => {
    const network = await openOutsideNetwork(world, join(work, "mirror-network"));
    const said: string[] = [];
    try {
      for (const output of [bundle, `${bundle}.twin.tar`]) {
        const flags = ["--to", output, "--public-url", PUBLIC, "--ca-file", network.caFile];
        const run = await network.run([binary, "mirror", "save", SOURCE, ...flags, "-c", rules]);
        if (run.code !== 0) throw new Error(`exit ${run.code}:\n${run.stdout}${run.stderr}`);
        said.push(run.stdout.split("\n").find((line) => / of \d+ images/.test(line)) ?? "");
      }
    } finally {
      await network.close();
    }
    await runProgram(["cmp", bundle, `${bundle}.twin.tar`]);
    rmSync(`${bundle}.twin.tar`);
    const size = Math.round(Bun.file(bundle).size / 1024 / 1024);
    const shape = `${corpus.replaced} digests replaced by those of generated images`;
    return `${said[0]}; ${size} MiB; ${shape}`;
  });
  const inside = await openIsolatedRegistry(join(work, "inside"), ["devfiles.internal"]);
  const alone = await openNetworkNamespace({ aliases: ["devfiles.internal"] });
  try {
    await acceptInside({ step, work, corpus, inside, alone });
  } finally {
    await alone.close();
    await inside.close();
  }
}

interface Inside extends Pick<OfflineRun, "step" | "work"> {
  readonly corpus: Corpus;
  readonly inside: IsolatedRegistry;
  /** Where there is no registry at all. */
  readonly alone: NetworkNamespace;
}

async function acceptInside({ step, work, corpus, inside, alone }: Inside): Promise<void> {
  const [bundle, program] = [join(work, "bundle.tar"), join(work, "devreg")];
  const plain = ["--plain-http", INTERNAL];
  const mirror = async (...words: string[]) => {
    const said = (await inside.must([program, "mirror", ...words])).trim().split("\n");
    return said.find((line) => /images|findings|problems/.test(line)) ?? "";
  };
  await step("mirror load, by the program in the bundle", async () => {
    await runProgram(["tar", "-xf", bundle, "-C", work, "devreg"]);
    return mirror("load", bundle, "--to", MIRROR, "--public-url", PUBLIC, ...plain);
  });
  await step("mirror verify of every blob at the registry", () =>
    mirror("verify", bundle, "--at", MIRROR, "--level", "blob", ...plain),
  );
  await step("mirror audit of the registry has no findings", () =>
    mirror("audit", MIRROR, "--public-url", PUBLIC, ...plain),
  );
  await step("the image of the registry serves all, and skopeo pulls every image", async () => {
    const at = `${MIRROR}/devfile-index:latest`;
    const image = await unpackImage(at, join(work, "container"), inside.network.inside);
    const command = containedCommand(image, { DEVREG_LISTEN: "0.0.0.0:8080" });
    await using _served = await startServer(inside.network, command);
    return await followAndPull(inside.network, MIRROR, corpus, join(work, "pulled"));
  });
  await step("serve of the bundle does so without any registry", async () => {
    const ports = ["--listen=0.0.0.0:8080", "--metrics-listen=off"];
    const serve = [program, "serve", bundle, "--public-url", PUBLIC, ...ports];
    await using _served = await startServer(alone, serve);
    return await followAndPull(alone, new URL(PUBLIC).host, corpus, join(work, "pulled-alone"));
  });
}

async function followAndPull(
  network: NetworkNamespace,
  registry: string,
  { images }: Corpus,
  folder: string,
): Promise<string> {
  const all = await follow(network, PUBLIC);
  const foreign = all.followed.find(({ url }) => !url.startsWith(`${PUBLIC}/`));
  if (foreign !== undefined) throw new Error(`${foreign.from} leads to ${foreign.url}`);
  const must = (command: readonly string[]) => runProgram(network.inside(command));
  const wanted = new Map<string, string>(
    images.map(({ image, graph }) => [`${registry}/${image}`, graph.root.descriptor.digest]),
  );
  const named = new Set(all.images.map(({ image }) => formatImage(image)));
  const byRules = new Set(BY_RULES.map((image) => `${registry}/${image}`));
  for (const image of wanted.keys()) {
    if (!named.has(image) && !byRules.has(image)) throw new Error(`nobody names ${image}`);
  }
  for (const [at, image] of [...named, ...byRules].entries()) {
    const digest = await skopeoPull({ must }, image, join(folder, String(at)));
    if (digest !== wanted.get(image)) throw new Error(`${image} is ${digest}`);
  }
  const counter = join(import.meta.dir, "../../test/support/out-no-routes.ts");
  const packets = Number(await must([process.execPath, counter]));
  if (packets !== 0) throw new Error(`${packets} packets wanted out`);
  return `${all.followed.length} addresses, ${named.size + byRules.size} images with equal digests`;
}

/** Generates an image for each name; digests in the repository give way to those of what there is. */
function makeImages(repository: string): Corpus {
  let replaced = 0;
  const images = imagesOf(repository).map((image, at): OutsideImage => {
    const graph = containerImage(image, {
      ...(at % SINGLE_EVERY === 0 ? { platforms: ["linux/amd64"] } : {}),
      docker: at % DOCKER_EVERY === 0,
    });
    const attached = at % ATTACHED_EVERY === 0;
    const { registry, repository: name, tag, digest } = parseImageReference(image);
    if (digest === undefined) return { image: `${registry}/${name}:${tag}`, graph, attached };
    replaced += 1;
    replaceIn(repository, digest, graph.root.descriptor.digest);
    return { image: image.replace(digest, graph.root.descriptor.digest), graph, attached };
  });
  return { images, replaced };
}

function imagesOf(repository: string): readonly string[] {
  const named = readdirSync(join(repository, "stacks"), { recursive: true, encoding: "utf8" })
    .map((path) => join(repository, "stacks", path))
    .filter((path) => basename(path) === "devfile.yaml")
    .flatMap((path) => namedImages(path, readFileSync(path, "utf8"), filesOfFolder(dirname(path))));
  const samples = readdirSync(join(repository, "samples"), { recursive: true, encoding: "utf8" })
    .map((path) => join(repository, "samples", path))
    .filter((path) => /^\.?devfile\.yaml$/.test(basename(path)))
    .flatMap((path) => namedImages(path, readFileSync(path, "utf8"), filesOfFolder(dirname(path))));
  const all = [...named, ...samples].map(({ image }) => formatImage(image));
  return [...new Set([...all, ...BY_RULES])].sort();
}

function replaceIn(folder: string, former: string, now: string): void {
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.ya?ml$|file$/.test(path)) continue;
    const text = readFileSync(join(folder, path), "utf8");
    if (text.includes(former)) writeFileSync(join(folder, path), text.replaceAll(former, now));
  }
}

async function publishRepository(folder: string, bare: string): Promise<void> {
  git(folder, ["init", "-q", "-b", "main"]);
  git(folder, ["add", "--all"]);
  const who = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
  git(folder, [...who, "commit", "-q", "-m", "all"]);
  mkdirSync(dirname(bare), { recursive: true });
  git(folder, ["clone", "-q", "--bare", ".", bare]);
}
