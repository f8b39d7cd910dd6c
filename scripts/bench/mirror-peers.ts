/** What the benchmark of mirrors runs: devreg, and the tools beside it. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./measure.ts";
import type { CorpusImage } from "./mirror-corpus.ts";

const ORAS = "oras.land/oras-go/v2@v2.5.0";
const CRANE = "github.com/google/go-containerregistry/cmd/crane@v0.22.1";
const AT_ONCE = 4;

/** Where content comes from and goes to. */
export interface Route {
  /** Host of the registry that has the images. */
  readonly source: string;
  /** Host of the registry that gets them. */
  readonly target: string;
  /** The registry repository that names the images. */
  readonly repository: string;
  readonly images: readonly CorpusImage[];
  /** A folder of this run, empty at first. */
  readonly folder: string;
}

/** One way to copy images from registry to registry, or by a file between. */
export interface Contender {
  readonly name: string;
  readonly copy?: (route: Route) => readonly string[];
  /** Registry to folder or file. */
  readonly save?: (route: Route) => readonly string[];
  /** What save made, to the target. */
  readonly load?: (route: Route) => readonly string[];
}

/** Lists devreg's ways. */
export function ownContenders(binary: string): readonly Contender[] {
  const at = ({ folder }: Route, name: string) => join(folder, name);
  const to = ({ target }: Route) => `--to=${target}/mirror`;
  const verb = (name: string, operand: string, ...flags: readonly string[]) => {
    return [binary, "mirror", name, operand, ...flags];
  };
  const save = (name: string) => (route: Route) =>
    verb("save", route.repository, `--to=${at(route, name)}`, "--base=none");
  const load = (name: string) => (route: Route) => verb("load", at(route, name), to(route));
  return [
    {
      name: "devreg",
      copy: (route) => verb("copy", route.repository, to(route), "--base=none"),
      save: save("bundle"),
      load: load("bundle"),
    },
    { name: "devreg, tar", save: save("bundle.tar"), load: load("bundle.tar") },
  ];
}

/** Lists the peers that can be had here. */
export async function peerContenders(folder: string): Promise<readonly Contender[]> {
  const peers: (Contender | undefined)[] = [
    skopeo(1),
    skopeo(AT_ONCE),
    skopeoSync,
    await having("oras-go", () => oras(folder)),
    await having("crane", () => crane(folder)),
  ];
  return peers.flatMap((peer) => peer ?? []);
}

async function having(
  name: string,
  make: () => Promise<Contender>,
): Promise<Contender | undefined> {
  try {
    return await make();
  } catch (error) {
    console.log(`${name}: skipped (${String(error).split("\n")[0]})`);
    return undefined;
  }
}

function skopeo(atOnce: number): Contender {
  const flags = "--all --quiet --preserve-digests --src-tls-verify=false --dest-tls-verify=false";
  const name = `skopeo ×${atOnce}`;
  const copying = (route: Route, pairs: readonly string[]) => [
    ...["xargs", `-P${atOnce}`, "-n2", "-a", listFile(route, pairs.join("\n"))],
    ...["skopeo", "copy", ...flags.split(" ")],
  ];
  const layout = ({ folder }: Route) => join(folder, "layout");
  const name2 = ({ repository, tag }: CorpusImage) => `${repository}-${tag}`.replace("/", "-");
  const remote = (host: string, { repository, tag }: CorpusImage) =>
    `docker://${host}/${repository}:${tag}`;
  const pairs = (route: Route, from: Side, to: Side) =>
    copying(
      route,
      route.images.map((image) => `${from(image)} ${to(image)}`),
    );
  const local = (route: Route) => (image: CorpusImage) => `oci:${layout(route)}:${name2(image)}`;
  const at = (host: string) => (image: CorpusImage) => remote(host, image);
  return {
    name,
    copy: (route) => pairs(route, at(route.source), at(route.target)),
    // Several at once would overwrite each other's index.json.
    ...(atOnce > 1
      ? {}
      : {
          save: (route) => pairs(route, at(route.source), local(route)),
          load: (route) => pairs(route, local(route), at(route.target)),
        }),
  };
}

type Side = (image: CorpusImage) => string;

const skopeoSync: Contender = {
  name: "skopeo sync",
  copy: (route) => {
    const tags = Map.groupBy(route.images, ({ repository }) => repository);
    const images = Array.from(tags, ([repository, all]) => [repository, all.map(({ tag }) => tag)]);
    const list = { [route.source]: { "tls-verify": false, images: Object.fromEntries(images) } };
    const flags = "--all --preserve-digests --dest-tls-verify=false";
    const file = listFile(route, JSON.stringify(list));
    const ends = ["--src=yaml", "--dest=docker", file, `${route.target}/sync`];
    return ["skopeo", "sync", ...flags.split(" "), ...ends];
  },
};

async function oras(folder: string): Promise<Contender> {
  const source = join(folder, "oras-copy");
  mkdirSync(source);
  copyFileSync(join(import.meta.dir, "oras-copy.go"), join(source, "main.go"));
  const binary = join(source, "oras-copy");
  const script = `cd '${source}' && go mod init bench && go get ${ORAS} && go build -o '${binary}' .`;
  await run(["sh", "-c", script]);
  const remote = (host: string) => (image: CorpusImage) =>
    `${host}/${image.repository}:${image.tag}`;
  const local = (route: Route) => (image: CorpusImage) =>
    `oci:${join(route.folder, "layout")}:${image.repository.replace("/", "-")}-${image.tag}`;
  const moving = (route: Route, from: Side, to: Side) => {
    const lines = route.images.map((image) => `${from(image)} ${to(image)}\n`);
    return [binary, listFile(route, lines.join("")), String(AT_ONCE)];
  };
  return {
    name: `oras-go ×${AT_ONCE}`,
    copy: (route) => moving(route, remote(route.source), remote(route.target)),
    save: (route) => moving(route, remote(route.source), local(route)),
    load: (route) => moving(route, local(route), remote(route.target)),
  };
}

async function crane(folder: string): Promise<Contender> {
  await run(["go", "install", CRANE], { GOBIN: folder });
  const binary = join(folder, "crane");
  return {
    name: `crane ×${AT_ONCE}`,
    copy: (route) => {
      const pairs = route.images.map(({ repository, tag }) => {
        const name = `${repository}:${tag}`;
        return `${route.source}/${name} ${route.target}/${name}`;
      });
      const list = listFile(route, pairs.join("\n"));
      return ["xargs", `-P${AT_ONCE}`, "-n2", "-a", list, binary, "copy", "--insecure"];
    },
  };
}

function listFile({ folder }: Route, text: string): string {
  const file = join(folder, "list");
  writeFileSync(file, text);
  return file;
}
