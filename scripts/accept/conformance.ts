/**
 * Runs the conformance suite of the OCI distribution specification against `serve`: read-only, alone
 * and in front of docker-registry; then with all that the suite can push, which goes past `serve`
 * into the registry behind it. Needs Go, and the suite: the folder `conformance` of the
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
import {
  obtainSuite,
  runSuite,
  type SuiteReport,
  type SuiteSettings,
} from "./conformance-suite.ts";
import { startWritableRegistry } from "./writable-registry.ts";

const REPOSITORY = "conformance/repo1";
const OWN = "devfile-catalog/go";

/** Interfaces of pull and discovery that the suite tests read-only, as it names them. */
const READ_APIS = [
  "Ping",
  "Manifest head by tag",
  "Manifest head by digest",
  "Manifest get by tag",
  "Manifest get by digest",
  "Blob head",
  "Blob get",
  "Tag listing",
  "Referrers",
];
/** These the suite tests only with content that it pushed itself. */
const PUSHED_APIS = [...READ_APIS, "Blob get range"];

/** How one part of an acceptance run is told. */
type Step = (name: string, run: () => Promise<string>) => Promise<void>;

/** Runs the suite against a build served alone, then in front of registries with more content. */
export async function acceptConformance(build: string, step: Step): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "devreg-conformance-"));
  try {
    const suite = obtainSuite(work);
    if (typeof suite !== "string") {
      console.log(`skip the OCI conformance suite: ${suite.missing}`);
      return;
    }
    const run = (url: string, settings: SuiteSettings) => runSuite(suite, work, url, settings);
    await step("the OCI conformance suite, embedded", () => runEmbedded(build, run));
    await step("the OCI conformance suite, in front of docker-registry", () =>
      runFronted(build, run),
    );
    await step("the OCI conformance suite, with what it pushes", () => runPushed(build, run));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

type Run = (url: string, settings: SuiteSettings) => Promise<SuiteReport>;

async function runEmbedded(build: string, run: Run): Promise<string> {
  const server = await startServe([build, "--no-network"]);
  try {
    return judge(await run(server.url, await ownData(server.url)), READ_APIS);
  } finally {
    await server.stop();
  }
}

async function runFronted(build: string, run: Run): Promise<string> {
  const docker = await startDockerRegistry();
  const pool = createTransportPool({ userAgent: "devreg-accept" });
  try {
    const target = openRemote(docker.host, { send: pool.send }).repository(REPOSITORY);
    for (const content of COMMON_CONTENT) await content.pushTo(target);
    const server = await startServe([build, "--no-network", `--registry=${docker.host}`]);
    try {
      const names = (pick: (content: (typeof COMMON_CONTENT)[number]) => Iterable<string>) =>
        COMMON_CONTENT.flatMap((content) => [...pick(content)]);
      const settings = readOnly(REPOSITORY, {
        TAGS: names(({ tags }) => tags.keys()),
        MANIFESTS: names(({ manifests }) => manifests.keys()),
        BLOBS: names(({ blobs }) => blobs.keys()),
        REFERRERS: names(({ referrers }) => referrers.keys()),
      });
      return judge(await run(server.url, settings), READ_APIS);
    } finally {
      await server.stop();
    }
  } finally {
    await pool.close();
    await docker.stop();
  }
}

/** Here the suite knows what it has to get, and asks for parts of blobs and referrers by type. */
async function runPushed(build: string, run: Run): Promise<string> {
  const registry = await startWritableRegistry();
  try {
    const server = await startServe([build, "--no-network", `--registry=${registry.host}`]);
    const door = registry.openDoor(server.url);
    try {
      const settings = {
        REPO1: REPOSITORY,
        API_MANIFESTS_DIGEST_HEADER: "true",
        DATA_SPARSE: "true",
      };
      return judge(await run(door.url, settings), PUSHED_APIS);
    } finally {
      await door.stop();
      await server.stop();
    }
  } finally {
    await registry.stop();
  }
}

async function ownData(url: string): Promise<SuiteSettings> {
  const base = `${url}/v2/${OWN}`;
  const { tags } = await jsonOf(await fetch(`${base}/tags/list`));
  const manifests: string[] = [];
  const blobs = new Set<string>();
  for (const tag of tags) {
    const answer = await fetch(`${base}/manifests/${tag}`);
    manifests.push(answer.headers.get("docker-content-digest") ?? "");
    const { config, layers } = await jsonOf(answer);
    for (const part of [config, ...layers]) blobs.add(part.digest);
  }
  return readOnly(OWN, {
    TAGS: tags,
    MANIFESTS: manifests,
    BLOBS: [...blobs],
    REFERRERS: manifests,
  });
}

/** Settings for a registry that the suite may not write to: digests, and names of tags. */
function readOnly(
  repository: string,
  data: Readonly<Record<"TAGS" | "MANIFESTS" | "BLOBS" | "REFERRERS", readonly string[]>>,
): SuiteSettings {
  return {
    REPO1: repository,
    API_PUSH: "false",
    // Of a manifest that it did not push the suite never sees the headers, so it would miss this one.
    API_MANIFESTS_DIGEST_HEADER: "false",
    ...Object.fromEntries(Object.entries(data).map(([kind, names]) => [`RO_DATA_${kind}`, names])),
  };
}

/** @throws {Error} with the faults when anything of pull and discovery failed or was not run */
function judge(report: SuiteReport, apis: readonly string[]): string {
  const { pull, discovery, writing, faults, text } = report;
  const untested = apis.filter((api) => !report.apis.has(api)).map((api) => `not passed: ${api}`);
  if (faults.length + untested.length > 0) {
    throw new Error([...faults, ...untested, text.slice(text.indexOf("API conf"))].join("\n"));
  }
  const run = pull.run + discovery.run;
  const passed = pull.passed + discovery.passed;
  const parts = `pull ${pull.passed}, discovery ${discovery.passed}`;
  return `${run} run, ${passed} pass, 0 skipped (${parts}; not ours: ${writing} that write)`;
}
