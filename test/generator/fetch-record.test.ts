import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import { openProject, type ProjectSource } from "../../src/generator/fetch/index.ts";
import { type FetchRecord, type RecordedDeps, recordFetches } from "../../src/generator/index.ts";
import { fetchBytes } from "../../src/net/index.ts";
import { type FaultServer, startFaultServer } from "../support/fault-server.ts";
import { type Fetching, openFetching } from "../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../support/git-http-server.ts";
import { git, initRepository } from "../support/git-repository.ts";
import { failureOf } from "../support/remote.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

let root: TemporaryFolder;
let fetching: Fetching;
let gitServer: GitHttpServer;
let web: FaultServer;
let repository: string;
const served: Record<string, Uint8Array> = {};

beforeAll(async () => {
  root = await temporaryFolder();
  fetching = await openFetching();
  repository = join(root.path, "app.git");
  await initRepository(repository);
  gitServer = startGitHttpServer(root.path);
  web = await startFaultServer(({ target }) => {
    const body = served[target];
    return body === undefined ? { status: 404 } : { status: 200, body };
  });
});
afterAll(async () => {
  await gitServer.stop();
  await web.stop();
  await fetching[Symbol.asyncDispose]();
  await root.remove();
});
beforeEach(async () => {
  await commit("one");
  served["/a.zip"] = zipSync({ "top/one.txt": Buffer.from("one") });
  served["/parent.yaml"] = Buffer.from("schemaVersion: 2.2.0");
  served["/icon.svg"] = Buffer.from("<svg/>");
});

async function commit(text: string): Promise<string> {
  await writeFile(join(repository, "file.txt"), text);
  git(repository, ["add", "."]);
  git(repository, ["commit", "-q", "--allow-empty", "-m", text]);
  return git(repository, ["rev-parse", "HEAD"]).trim();
}

function recorder(pinned?: FetchRecord): RecordedDeps {
  const fetchFile = (url: URL) =>
    fetchBytes(fetching.send, url, { limitBytes: 1000, timeoutMs: 10_000, what: url.href });
  const deps = {
    openProject: (source: ProjectSource) => openProject(source, fetching),
    fetchDevfile: fetchFile,
    icons: (url: string) => fetchFile(new URL(url)),
  };
  return recordFetches(deps, pinned);
}

const at = (path: string) => `http://${web.host}${path}`;
const gitSource = (revision?: string): ProjectSource => ({
  kind: "git",
  remotes: { origin: `${gitServer.url}/app.git` },
  ...(revision === undefined ? {} : { checkoutFrom: { revision } }),
});
const ZIP = (): ProjectSource => ({ kind: "zip", location: at("/a.zip#part") });

async function textOf({ deps }: RecordedDeps, source: ProjectSource): Promise<string> {
  const project = await deps.openProject(source);
  try {
    const [entry] = (await project.read(undefined)).tree.entries;
    return entry === undefined || entry.mode === "symlink"
      ? ""
      : Buffer.from(entry.bytes).toString();
  } finally {
    await project.close();
  }
}

async function fetchAll(recording: RecordedDeps): Promise<void> {
  await textOf(recording, gitSource("main"));
  await textOf(recording, gitSource());
  await textOf(recording, ZIP());
  await recording.deps.icons(at("/icon.svg"));
  await recording.deps.fetchDevfile(new URL(at("/parent.yaml")));
}

const sha256 = (bytes: Uint8Array | undefined) =>
  createHash("sha256")
    .update(bytes ?? "")
    .digest("hex");

describe("recordFetches()", () => {
  test("writes down what was fetched, sorted and without user information", async () => {
    const recording = recorder();
    await fetchAll(recording);
    await recording.deps.icons(`http://user:secret@${web.host}/icon.svg`);
    const head = git(repository, ["rev-parse", "HEAD"]).trim();
    const url = `${gitServer.url}/app.git`;
    const projects = [
      { url, commit_hash: head },
      { url, revision: "main", commit_hash: head },
      { url: at("/a.zip"), sha256: sha256(served["/a.zip"]) },
    ];
    expect(recording.record()).toEqual({
      projects: projects.sort((a, b) => (a.url < b.url ? -1 : Number(a.url > b.url))),
      files: ["/icon.svg", "/parent.yaml"].map((path) => ({
        url: at(path),
        sha256: sha256(served[path]),
        size: served[path]?.byteLength ?? -1,
      })),
    });
  });

  test("opens a branch that moved at the commit of the record, and records the same", async () => {
    const first = recorder();
    await fetchAll(first);
    await commit("two");
    const again = recorder(first.record());
    expect(await textOf(again, gitSource("main"))).toBe("one");
    expect(await textOf(recorder(), gitSource("main"))).toBe("two");
    await fetchAll(again);
    expect(again.record()).toEqual(first.record());
  });

  test("refuses archives and files that changed since they were planned", async () => {
    const first = recorder();
    await fetchAll(first);
    served["/a.zip"] = zipSync({ "top/two.txt": Buffer.from("two") });
    served["/icon.svg"] = Buffer.from("<svg></svg>");
    served["/parent.yaml"] = Buffer.from("schemaVersion: 2.3.0");
    const { deps } = recorder(first.record());
    const faults = [
      await failureOf(textOf({ deps, record: first.record }, ZIP())),
      await failureOf(deps.icons(at("/icon.svg"))),
      await failureOf(deps.fetchDevfile(new URL(at("/parent.yaml")))),
    ];
    for (const { code, message, hint } of faults) {
      expect(code).toBe("DIGEST_MISMATCH");
      expect(message).toEndWith("it changed since it was planned");
      expect(hint).toContain("Plan again");
    }
  });

  test("fetches what a record does not name as it is, and records that too", async () => {
    const first = recorder();
    await textOf(first, gitSource("main"));
    const again = recorder(first.record());
    expect(await textOf(again, ZIP())).toBe("one");
    await again.deps.icons(at("/icon.svg"));
    expect(again.record()).toMatchObject({ projects: [{ url: at("/a.zip") }], files: [{}] });
  });

  test("keeps to the commit that it saw first for the whole run", async () => {
    const recording = recorder();
    expect(await textOf(recording, gitSource("main"))).toBe("one");
    await commit("two");
    expect(await textOf(recording, gitSource("main"))).toBe("one");
    await recording.deps.icons(at("/icon.svg"));
    served["/icon.svg"] = Buffer.from("<svg></svg>");
    const { message } = await failureOf(recording.deps.icons(at("/icon.svg")));
    expect(message).toEndWith("it changed since it was first fetched");
  });
});
