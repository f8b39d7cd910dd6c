/**
 * Times live updates: one stack of many is changed and pushed, one webhook is sent to one of three
 * replicas in front of a docker-registry, and the clock stops when all three serve the commit:
 * bun scripts/bench/live-updates.ts [REGISTRY_REPOSITORY]. Without an argument the repository has 90
 * stacks and 40 commits. Counts what git and the registry were asked meanwhile.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCountingProxy } from "../../test/support/counting-proxy.ts";
import { type Serving, startServe } from "../../test/support/devreg.ts";
import { startDockerRegistry } from "../../test/support/docker-registry.ts";
import { startGitHttpServer } from "../../test/support/git-http-server.ts";
import { git, initRepository } from "../../test/support/git-repository.ts";
import { requestUpdate, SECRET } from "../../test/support/live-world.ts";
import { devfileText } from "../../test/support/registry-repository.ts";
import { build } from "../build.ts";
import { median, table } from "./measure.ts";

const STACKS = 90;
const EARLIER_COMMITS = 40;
const ROUNDS = 12;
const REPLICAS = 3;
const BAR_S = 2;
const REVISION = "x-devfile-registry-revision";

const [given] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "devreg-bench-live-"));
const repository = join(work, "git", "stacks.git");
let seconds = 0;

function commit(message: string): string {
  seconds += 60;
  const date = new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
  git(repository, ["add", "-A"]);
  git(repository, ["commit", "-q", "-m", message], undefined, {
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
  });
  return git(repository, ["rev-parse", "HEAD"]).trim();
}

/** A devfile as long as those of the community registry are. */
function writeStack(at: number, note: string): void {
  const folder = join(repository, "stacks", `stack-${at}`);
  mkdirSync(folder, { recursive: true });
  const commands = Array.from({ length: 30 }, (_, line) => {
    return `  - id: run-${line}\n    exec: {component: tools, commandLine: "make ${at} ${line}"}\n`;
  });
  const rest = `components:\n  - name: tools\n    container:\n      image: quay.io/x/y:1\ncommands:\n`;
  const metadata = { name: `stack-${at}`, displayName: `Stack ${at}`, description: note };
  writeFileSync(join(folder, "devfile.yaml"), devfileText(metadata, rest + commands.join("")));
  const path = Array.from({ length: 400 }, (_, x) => `L${x} ${(x * (at + 7)) % 97}`).join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0${path}"/></svg>`;
  writeFileSync(join(folder, "logo.svg"), svg);
}

/** Gives what changes one stack. */
function prepare(): (note: string) => void {
  if (given !== undefined) {
    cpSync(given, repository, { recursive: true, filter: (path) => !/\/\.git(\/|$)/.test(path) });
    const stacks = join(repository, "stacks");
    const [first = ""] = readdirSync(stacks, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith("devfile.yaml"))
      .sort();
    const readme = join(stacks, first, "..", "bench.txt");
    commit("begin");
    return (note) => writeFileSync(readme, `${note}\n`);
  }
  for (let at = 0; at < STACKS; at += 1) writeStack(at, "first");
  for (let at = 0; at < EARLIER_COMMITS; at += 1) {
    writeStack(at, "second");
    commit(`change stack-${at}`);
  }
  return (note) => writeStack(STACKS - 1, note);
}

/** Resolves once a server's index is that of a commit; asked again and again, as fast as it answers. */
async function serves({ url }: Serving, revision: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/v2index?name=stack-89`);
    await answer.arrayBuffer();
    if (answer.headers.get(REVISION) === revision) return;
    await Bun.sleep(5);
  }
}

build();
await initRepository(repository);
const change = prepare();
const gitServer = startGitHttpServer(join(work, "git"));
const gitProxy = await startCountingProxy(gitServer.host);
const registry = await startDockerRegistry();
const proxy = await startCountingProxy(registry.host);
writeFileSync(join(work, "secret"), SECRET);

const replicas: Serving[] = [];
for (let at = 0; at < REPLICAS; at += 1) {
  const replica = await startServe([
    `--source=http://${gitProxy.host}/stacks.git`,
    `--registry=${proxy.host}`,
    `--webhook-secret-file=${join(work, "secret")}`,
    `--data-dir=${join(work, `data-${at}`)}`,
    "--follow-interval=500ms",
    "--log-level=warn",
  ]);
  replicas.push(replica);
  await serves(replica, git(repository, ["rev-parse", "HEAD"]).trim());
}

interface Round {
  readonly oneS: number;
  readonly allS: number;
  readonly gitRequests: number;
  readonly gitKib: number;
  /** Of the registry, without what replicas ask to see whether there is a new index. */
  readonly ociReads: number;
  readonly ociWrites: number;
  /** All of them, alike ones counted once. */
  readonly ociAsked: ReadonlyMap<string, number>;
}

function tally(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names.toSorted()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function plain(path: string): string {
  return path.replace(/\/uploads\/.*/, "/uploads/…").replace(/(sha256:.{8})\w+/, "$1…");
}

async function measure(round: number, told: readonly Serving[]): Promise<Round> {
  change(`round ${round} of ${told.length}`);
  const revision = commit(`round ${round}`);
  const before = {
    git: gitProxy.requests.length,
    gitBytes: gitProxy.answeredBytes(),
    oci: proxy.requests.length,
  };
  const startedMs = performance.now();
  const sinceS = () => (performance.now() - startedMs) / 1000;
  const answers = told.map((replica) => requestUpdate(replica, { commit: revision }));
  const first = Promise.race(replicas.map((replica) => serves(replica, revision))).then(sinceS);
  await Promise.all(replicas.map((replica) => serves(replica, revision)));
  const allS = sinceS();
  for (const { status, reasons } of await Promise.all(answers)) {
    if (status !== 200) throw new Error(`${status}: ${reasons?.join()}`);
  }
  const asked = proxy.requests.slice(before.oci);
  const isLook = ({ method, path }: (typeof asked)[number]) =>
    method === "HEAD" && path === "/v2/devreg/index/manifests/latest";
  const isRead = ({ method }: (typeof asked)[number]) => method === "GET" || method === "HEAD";
  return {
    oneS: await first,
    allS,
    gitRequests: gitProxy.requests.length - before.git,
    gitKib: (gitProxy.answeredBytes() - before.gitBytes) / 1024,
    ociReads: asked.filter((each) => isRead(each) && !isLook(each)).length,
    ociWrites: asked.filter((each) => !isRead(each)).length,
    ociAsked: tally(asked.map(({ method, path }) => `${method} ${plain(path)}`)),
  };
}

const rows: (string | number)[][] = [
  [
    "webhook to",
    "first s",
    "all three s",
    "slowest s",
    "git req",
    "git KiB",
    "OCI reads",
    "writes",
  ],
];
let barS = 0;
for (const [name, count] of [
  ["one", 1],
  ["all three", REPLICAS],
] as const) {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const told = [...replicas, ...replicas].slice(round % REPLICAS, (round % REPLICAS) + count);
    rounds.push(await measure(round, told));
  }
  const middle = (pick: (round: Round) => number) => median(rounds.map(pick));
  const allS = middle((round) => round.allS);
  if (count === 1) barS = allS;
  rows.push([
    name,
    middle((round) => round.oneS),
    allS,
    Math.max(...rounds.map((round) => round.allS)),
    middle((round) => round.gitRequests),
    middle((round) => round.gitKib),
    middle((round) => round.ociReads),
    middle((round) => round.ociWrites),
  ]);
  if (count > 1) continue;
  console.log("what one update asks of the registry, all three replicas together:");
  for (const [what, times] of rounds.at(-1)?.ociAsked ?? []) console.log(`  ${times} × ${what}`);
}
table(rows);
console.log(
  `${barS < BAR_S ? "within" : "OVER"} the bar of ${BAR_S} s from one webhook to all three`,
);
await Promise.all(replicas.map((replica) => replica.stop()));
await Promise.all([proxy.stop(), gitProxy.stop(), registry.stop(), gitServer.stop()]);
rmSync(work, { recursive: true, force: true });
