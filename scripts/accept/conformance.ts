/**
 * Runs the conformance suite of the OCI distribution specification, read-only, against `serve`,
 * alone and in front of docker-registry. Needs Go, and the suite: the folder `conformance` of the
 * specification named by DISTRIBUTION_CONFORMANCE, else its newest state by Go's own means.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransportPool } from "../../src/net/index.ts";
import { COMMON_CONTENT } from "../../test/support/conformance-content.ts";
import { startServe } from "../../test/support/devreg.ts";
import { startDockerRegistry } from "../../test/support/docker-registry.ts";
import { jsonOf } from "../../test/support/json-of.ts";
import { openRemote } from "../../test/support/remote.ts";

const SUITE = "github.com/opencontainers/distribution-spec/conformance@main";
const REPOSITORY = "conformance/repo1";
const OWN = "devfile-catalog/go";

/** How one part of an acceptance run is told. */
type Step = (name: string, run: () => Promise<string>) => Promise<void>;

/** What the suite is to find in a registry that it may not write to; digests, and names of tags. */
interface ReadOnlyData {
  readonly repository: string;
  readonly tags: readonly string[];
  readonly manifests: readonly string[];
  readonly blobs: readonly string[];
  readonly referrers: readonly string[];
}

/** Runs the suite against a build served alone, then in front of a registry with more content. */
export async function acceptConformance(build: string, step: Step): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "devreg-conformance-"));
  try {
    const suite = obtainSuite(work);
    if (typeof suite !== "string") {
      console.log(`skip the OCI conformance suite: ${suite.missing}`);
      return;
    }
    await step("the OCI conformance suite, embedded", async () => {
      const server = await startServe([build, "--no-network"]);
      try {
        return runSuite(suite, work, server.url, await ownData(server.url));
      } finally {
        await server.stop();
      }
    });
    await step("the OCI conformance suite, in front of docker-registry", () =>
      runFronted(build, suite, work),
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Gives the path of the suite's executable, or why there is none. */
function obtainSuite(work: string): string | { readonly missing: string } {
  if (Bun.which("go") === null) return { missing: "there is no Go here" };
  const folder = process.env["DISTRIBUTION_CONFORMANCE"];
  const options = { stdout: "pipe", stderr: "pipe" } as const;
  const made =
    folder === undefined
      ? Bun.spawnSync(["go", "install", SUITE], {
          ...options,
          env: { ...process.env, GOBIN: work },
        })
      : Bun.spawnSync(["go", "build", "-o", join(work, "conformance"), "."], {
          ...options,
          cwd: folder,
        });
  if (made.success) return join(work, "conformance");
  return { missing: made.stderr.toString().trim().split("\n").join(" ") };
}

async function runFronted(build: string, suite: string, work: string): Promise<string> {
  const docker = await startDockerRegistry();
  const pool = createTransportPool({ userAgent: "devreg-accept" });
  try {
    const target = openRemote(docker.host, { send: pool.send }).repository(REPOSITORY);
    for (const content of COMMON_CONTENT) await content.pushTo(target);
    const server = await startServe([build, `--registry=${docker.host}`]);
    try {
      const names = (pick: (content: (typeof COMMON_CONTENT)[number]) => Iterable<string>) =>
        COMMON_CONTENT.flatMap((content) => [...pick(content)]);
      return runSuite(suite, work, server.url, {
        repository: REPOSITORY,
        tags: names(({ tags }) => tags.keys()),
        manifests: names(({ manifests }) => manifests.keys()),
        blobs: names(({ blobs }) => blobs.keys()),
        referrers: names(({ referrers }) => referrers.keys()),
      });
    } finally {
      await server.stop();
    }
  } finally {
    await pool.close();
    await docker.stop();
  }
}

async function ownData(url: string): Promise<ReadOnlyData> {
  const base = `${url}/v2/${OWN}`;
  const { tags } = await jsonOf(await fetch(`${base}/tags/list`));
  const manifests: string[] = [];
  const blobs = new Set<string>();
  for (const tag of tags) {
    const answer = await fetch(`${base}/manifests/${tag}`);
    const digest = answer.headers.get("docker-content-digest") ?? "";
    const { config, layers } = await jsonOf(answer);
    manifests.push(digest);
    for (const part of [config, ...layers]) blobs.add(part.digest);
  }
  return { repository: OWN, tags, manifests, blobs: [...blobs], referrers: manifests };
}

/** @throws {Error} with the report when anything failed or was skipped */
function runSuite(suite: string, work: string, url: string, data: ReadOnlyData): string {
  const { success, stdout, stderr } = Bun.spawnSync([suite], {
    stdout: "pipe",
    stderr: "pipe",
    cwd: work,
    env: {
      PATH: process.env["PATH"] ?? "",
      OCI_REGISTRY: url.replace("http://", ""),
      OCI_TLS: "disabled",
      OCI_REPO1: data.repository,
      OCI_RESULTS_DIR: join(work, "results"),
      OCI_API_PUSH: "false",
      OCI_API_TAGS_DELETE: "false",
      OCI_API_MANIFESTS_DELETE: "false",
      OCI_API_MANIFESTS_ATOMIC: "false",
      OCI_API_MANIFESTS_DIGEST_HEADER: "true",
      OCI_API_BLOBS_DELETE: "false",
      OCI_API_BLOBS_ATOMIC: "false",
      OCI_API_BLOBS_DIGEST_HEADER: "true",
      OCI_RO_DATA_TAGS: data.tags.join(" "),
      OCI_RO_DATA_MANIFESTS: data.manifests.join(" "),
      OCI_RO_DATA_BLOBS: data.blobs.join(" "),
      OCI_RO_DATA_REFERRERS: data.referrers.join(" "),
    },
  });
  const report = stdout.toString();
  const count = (status: string) =>
    Number(new RegExp(`^ {2}${status}\\.*: +(\\d+)$`, "m").exec(report)?.[1] ?? Number.NaN);
  const [passed, failed, skipped, errors] = ["Pass", "FAIL", "Skip", "Error"].map(count);
  if (!success || failed !== 0 || skipped !== 0 || errors !== 0) {
    throw new Error(`${report}${stderr}`);
  }
  return `${passed} passed, 0 failed, 0 skipped (what writes is turned off: ${count("Disabled")})`;
}
