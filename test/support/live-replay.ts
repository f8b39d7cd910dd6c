import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runDevreg, type Serving, startServe } from "./devreg.ts";
import { startDockerRegistry } from "./docker-registry.ts";
import { startGitHttpServer } from "./git-http-server.ts";
import { git, seededRandom } from "./git-repository.ts";
import { SECRET } from "./live-world.ts";
import { makePushes, type Push } from "./replay-history.ts";
import { ReplayReader } from "./replay-reader.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { until } from "./until.ts";
import { type Forge, sendWebhook } from "./webhooks.ts";

/** How commits are replayed. */
export interface ReplayOptions {
  readonly seed: number;
  readonly pushes: number;
  readonly perSecond: number;
  readonly settleEvery: number;
  readonly replicas: number;
}

/** What came of a replay; it ends with an error when replicas do not agree. */
export interface ReplayReport {
  readonly kinds: Readonly<Record<string, number>>;
  /** Webhooks by what became of them: "lost", "late", "twice", or the status they were answered. */
  readonly webhooks: Record<string, number>;
  /** Reasons of webhooks that were answered by 500 or more. */
  readonly failures: string[];
  settles: number;
  /** Stack versions pulled at settles, each with all its blobs. */
  pulled: number;
  /** The longest time from the last webhook of a settle until all replicas agree. */
  slowestMs: number;
  /** Rounds of readers, and those in which the generation was swapped. */
  rounds: number;
  swaps: number;
  readonly faults: string[];
}

interface Webhook {
  readonly commit: string;
  readonly forge: Forge;
  /** The push after which it is sent. */
  readonly due: number;
}

const REVISION = "x-devfile-registry-revision";
const ACCEPT = { accept: "application/vnd.oci.image.manifest.v1+json" };

/**
 * Pushes commits to a git server, with webhooks that get lost, come twice and out of order, each to
 * one of several replicas in front of one registry, while clients read all of them. At every settle
 * each replica must serve exactly what `devreg generate` makes of the last commit.
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  await using folder = await temporaryFolder();
  const made = join(folder.path, "made");
  const pushes = await makePushes(made, options);
  git(folder.path, ["init", "-q", "--bare", "-b", "main", join("git", "stacks.git")]);
  await using stack = new AsyncDisposableStack();
  const gitServer = startGitHttpServer(join(folder.path, "git"));
  stack.defer(() => gitServer.stop());
  const registry = await startDockerRegistry();
  stack.defer(() => registry.stop());
  const run = new Replay(options, pushes, folder.path, `${gitServer.url}/stacks.git`);
  await run.push(0);
  // Replicas are killed at the end, and leave what they fetched.
  const env = { TMPDIR: join(folder.path, "fetched") };
  mkdirSync(env.TMPDIR);
  for (let at = 0; at < options.replicas; at += 1) {
    const replica = await startServe(run.flags(registry.host, at), { env });
    stack.defer(async () => void (await replica.stop("SIGKILL")));
    run.replicas.push(replica);
  }
  try {
    return await run.all();
  } catch (error) {
    const logs = run.replicas.map((replica) => replica.log().slice(-6_000)).join("\n---\n");
    throw new Error(`${error instanceof Error ? error.message : error}\n${logs}`);
  }
}

class Replay {
  readonly replicas: Serving[] = [];
  readonly report: ReplayReport;
  readonly #options: ReplayOptions;
  readonly #pushes: readonly Push[];
  readonly #folder: string;
  readonly #source: string;
  readonly #random: (limit: number) => number;
  #waiting: Webhook[] = [];
  #sent: Promise<void>[] = [];

  constructor(options: ReplayOptions, pushes: readonly Push[], folder: string, source: string) {
    this.#options = options;
    this.#pushes = pushes;
    this.#folder = folder;
    this.#source = source;
    this.#random = seededRandom(options.seed + 1);
    const kinds: Record<string, number> = {};
    for (const { kind } of pushes) kinds[kind] = (kinds[kind] ?? 0) + 1;
    this.report = {
      kinds,
      webhooks: { lost: 0, late: 0, twice: 0 },
      failures: [],
      settles: 0,
      pulled: 0,
      slowestMs: 0,
      rounds: 0,
      swaps: 0,
      faults: [],
    };
    writeFileSync(join(folder, "secret"), SECRET);
  }

  flags(registry: string, at: number): string[] {
    mkdirSync(join(this.#folder, `data-${at}`));
    return [
      `--source=${this.#source}#main`,
      `--registry=${registry}`,
      `--webhook-secret-file=${join(this.#folder, "secret")}`,
      `--data-dir=${join(this.#folder, `data-${at}`)}`,
      "--follow-interval=500ms",
    ];
  }

  async push(at: number): Promise<void> {
    const commit = this.#pushes[at]?.commit ?? "";
    const target = join(this.#folder, "git", "stacks.git");
    const refspec = `${commit}:refs/heads/main`;
    const child = Bun.spawn(["git", "push", "-qf", target, refspec], {
      cwd: join(this.#folder, "made"),
      env: { PATH: "/usr/bin:/bin", HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" },
      stdout: "ignore",
      stderr: "pipe",
    });
    const text = await child.stderr.text();
    if ((await child.exited) !== 0) throw new Error(text);
  }

  async all(): Promise<ReplayReport> {
    const { settleEvery, perSecond } = this.#options;
    await this.#settle(0);
    const stopped = new AbortController();
    const readers = this.replicas.map(
      ({ url }, at) => new ReplayReader(url, this.#pushes, seededRandom(at)),
    );
    const reading = readers.map((reader) => reader.run(stopped.signal));
    let nextMs = performance.now();
    for (let at = 1; at < this.#pushes.length; at += 1) {
      nextMs = Math.max(nextMs + 1000 / perSecond, performance.now());
      await Bun.sleep(nextMs - performance.now());
      await this.push(at);
      this.#plan(at);
      const settles = (at + 1) % settleEvery === 0 || at === this.#pushes.length - 1;
      this.#send(settles ? Number.POSITIVE_INFINITY : at);
      if (settles) await this.#settle(at);
      else if (at % settleEvery === 0 && this.#pushes[at]?.isValid === false) {
        await this.#refuses(at);
      }
    }
    stopped.abort();
    await Promise.all(reading);
    for (const { readings } of readers) {
      this.report.rounds += readings.rounds;
      this.report.swaps += readings.swaps;
      this.report.faults.push(...readings.faults);
    }
    return this.report;
  }

  /** Decides what becomes of the webhooks of a push; the last one before a settle is not lost. */
  #plan(at: number): void {
    const { webhooks } = this.report;
    const commit = this.#pushes[at]?.commit ?? "";
    const count = (name: string) => {
      webhooks[name] = (webhooks[name] ?? 0) + 1;
    };
    const settles = (at + 1) % this.#options.settleEvery === 0 || at === this.#pushes.length - 1;
    const fate = this.#random(10);
    if (fate < 3 && !settles) {
      count("lost");
      return;
    }
    const due = fate < 6 && !settles ? at + 1 + this.#random(4) : at;
    if (due > at) count("late");
    const webhook = { commit, due, forge: this.#random(2) === 0 ? "github" : "gitlab" } as const;
    this.#waiting.push(webhook);
    if (this.#random(4) > 0) return;
    count("twice");
    this.#waiting.push({ ...webhook, due: due + this.#random(3) });
  }

  /** Sends what is due, out of order, each to one replica. */
  #send(at: number): void {
    const due = this.#waiting.filter((webhook) => webhook.due <= at);
    this.#waiting = this.#waiting.filter((webhook) => webhook.due > at);
    while (due.length > 0) {
      const [webhook] = due.splice(this.#random(due.length), 1);
      const url = this.replicas[this.#random(this.replicas.length)]?.url ?? "";
      if (webhook !== undefined) this.#sent.push(this.#deliver(url, webhook));
    }
  }

  async #deliver(url: string, { commit, forge }: Webhook): Promise<void> {
    const { webhooks, failures } = this.report;
    const { status, reasons } = await sendWebhook(url, forge, { source: this.#source, commit });
    webhooks[status] = (webhooks[status] ?? 0) + 1;
    if (status >= 500) failures.push(`${status}: ${reasons?.join()}`);
  }

  /** Waits until all serve what `generate` makes of a commit, and pulls all that it names. */
  async #settle(at: number): Promise<void> {
    const push = this.#pushes[at];
    const commit = push?.commit ?? "";
    const startedMs = performance.now();
    const serves = async ({ url }: Serving) => {
      const answer = await fetch(`${url}/v2index/all`);
      await answer.arrayBuffer();
      return answer.headers.get(REVISION) === commit;
    };
    await until(`all serve push ${at} (${push?.kind} ${commit})`, async () => {
      return (await Promise.all(this.replicas.map(serves))).every(Boolean);
    });
    const tookMs = performance.now() - startedMs;
    if (at > 0) this.report.slowestMs = Math.max(this.report.slowestMs, tookMs);
    await Promise.all(this.#sent);
    this.#sent = [];
    const expected = await this.#generated(commit);
    for (const { url } of this.replicas) {
      const bytes = Buffer.from(await (await fetch(`${url}/v2index/all`)).arrayBuffer());
      if (!bytes.equals(expected)) throw new Error(`${url} does not serve the index of ${commit}`);
      await Promise.all([...(push?.devfiles.keys() ?? [])].map((name) => this.#pull(url, name)));
    }
    this.report.settles += 1;
  }

  /** Every replica is told of a broken commit, and none serves anything else than before. */
  async #refuses(at: number): Promise<void> {
    const { commit = "", isValid } = this.#pushes[at] ?? {};
    if (isValid !== false) throw new Error(`push ${at} is not broken`);
    await Promise.all(this.#sent);
    this.#sent = [];
    for (const { url } of this.replicas) {
      const { status } = await sendWebhook(url, "github", { source: this.#source, commit });
      if (status !== 422) throw new Error(`a broken commit was answered by ${status}`);
      const answer = await fetch(`${url}/v2index/all`);
      await answer.arrayBuffer();
      const served = answer.headers.get(REVISION);
      if (served !== this.#pushes[at - 1]?.commit) throw new Error(`${url} serves ${served}`);
    }
  }

  async #generated(commit: string): Promise<Buffer> {
    const output = join(this.#folder, `build-${commit}`);
    const { code, stderr } = await runDevreg([
      "generate",
      `${this.#source}#${commit}`,
      "-o",
      output,
    ]);
    if (code !== 0) throw new Error(`generate of ${commit} ended with ${code}: ${stderr}`);
    return readFileSync(join(output, "index.json"));
  }

  async #pull(url: string, name: string): Promise<void> {
    const [stack = "", version = ""] = name.split(":");
    const base = `${url}/v2/devfile-catalog/${stack}`;
    const manifest = await fetch(`${base}/manifests/${version}`, { headers: ACCEPT });
    if (manifest.status !== 200) throw new Error(`${base} ${version}: ${manifest.status}`);
    const { config, layers } = JSON.parse(await manifest.text());
    for (const { digest } of [config, ...layers]) {
      const blob = await fetch(`${base}/blobs/${digest}`);
      const bytes = await blob.bytes();
      const found = `sha256:${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}`;
      if (found !== digest) throw new Error(`${base} has ${found} as ${digest}`);
    }
    this.report.pulled += 1;
  }
}
