/** The conformance suite of the OCI distribution specification, as a program that reports. */
import { join } from "node:path";

const SUITE = "github.com/opencontainers/distribution-spec/conformance@main";
const NAME = "OCI Conformance Test";

/** What the suite is told: the names of its settings without their "OCI_". */
export type SuiteSettings = Readonly<Record<string, string | readonly string[]>>;

/** How the scenarios of one part of the specification went. */
export interface PartCount {
  run: number;
  passed: number;
}

/** What the suite found out. Scenarios that write are of no part. */
export interface SuiteReport {
  readonly pull: PartCount;
  readonly discovery: PartCount;
  /** How many scenarios wrote, or would have. */
  readonly writing: number;
  /** Scenarios of pull and discovery that were skipped, turned off or failed, each with its error. */
  readonly faults: readonly string[];
  /** The interfaces that it says are conformant, by its own names. */
  readonly apis: ReadonlySet<string>;
  /** All of what it printed. */
  readonly text: string;
}

/** Gives the path of the suite's executable, or why there is none. */
export function obtainSuite(work: string): string | { readonly missing: string } {
  if (Bun.which("go") === null) return { missing: "there is no Go here" };
  const folder = process.env["DISTRIBUTION_CONFORMANCE"];
  const program = join(work, "conformance");
  const options = { stdout: "pipe", stderr: "pipe" } as const;
  const made =
    folder === undefined
      ? Bun.spawnSync(["go", "install", SUITE], {
          ...options,
          env: { ...process.env, GOBIN: work },
        })
      : Bun.spawnSync(["go", "build", "-o", program, "."], { ...options, cwd: folder });
  if (made.success) return program;
  return { missing: made.stderr.toString().trim().split("\n").join(" ") };
}

/** Runs the suite over http against the registry at `url`, without deletion. */
export async function runSuite(
  suite: string,
  work: string,
  url: string,
  settings: SuiteSettings,
): Promise<SuiteReport> {
  const all: SuiteSettings = {
    REGISTRY: new URL(url).host,
    TLS: "disabled",
    RESULTS_DIR: join(work, "results"),
    API_TAGS_DELETE: "false",
    API_TAGS_ATOMIC: "false",
    API_MANIFESTS_DELETE: "false",
    API_MANIFESTS_ATOMIC: "false",
    API_BLOBS_DELETE: "false",
    API_BLOBS_ATOMIC: "false",
    API_BLOBS_DIGEST_HEADER: "true",
    ...settings,
  };
  const told = Object.entries(all).map(([name, value]) => [
    `OCI_${name}`,
    [value].flat().join(" "),
  ]);
  // Not synchronously: whoever answers it writes a log that is to be read meanwhile.
  const child = Bun.spawn([suite], {
    stdout: "pipe",
    stderr: "pipe",
    cwd: work,
    env: { PATH: process.env["PATH"] ?? "", ...Object.fromEntries(told) },
  });
  const [text, log] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (!text.includes(`${NAME}: `)) throw new Error(`the suite did not report:\n${text}${log}`);
  return readReport(text);
}

interface Scenario {
  readonly depth: number;
  readonly path: string;
  readonly status: string;
  readonly errors: string[];
}

/** Reads the tree of results. What has others below it is a group of scenarios, not one. */
function readReport(text: string): SuiteReport {
  const counts = { pull: { run: 0, passed: 0 }, discovery: { run: 0, passed: 0 } };
  const faults: string[] = [];
  let writing = 0;
  const read = readTree(text);
  for (const [at, { depth, path, status, errors }] of read.entries()) {
    if ((read[at + 1]?.depth ?? 0) > depth) continue;
    const part = partOf(path);
    if (part === undefined) {
      writing += 1;
      continue;
    }
    if (status !== "Disabled" && status !== "Skip") counts[part].run += 1;
    if (status === "Pass") counts[part].passed += 1;
    else faults.push([`${status} ${path}`, ...errors].join("\n  "));
  }
  const apis = Array.from(
    text.matchAll(/^ {2}([A-Z][a-z ]+?)\.+: +Pass$/gm),
    ([, api = ""]) => api,
  );
  return { ...counts, writing, faults, apis: new Set(apis), text };
}

function readTree(text: string): Scenario[] {
  const read: Scenario[] = [];
  for (const line of text.slice(0, text.indexOf("\nConfiguration:")).split("\n")) {
    const [, indent = "", path = "", status = ""] =
      /^( *)OCI Conformance Test\/(.+): ([A-Za-z]+)$/.exec(line) ?? [];
    if (path !== "") read.push({ depth: indent.length, path, status, errors: [] });
    else if (line.trim() !== "") read.at(-1)?.errors.push(line.trim());
  }
  return read;
}

/** Tells what a scenario is about from the names of it and of the groups that it is in. */
function partOf(path: string): "pull" | "discovery" | undefined {
  const steps = path.split("/");
  const [first = "", last = ""] = [steps[0], steps.at(-1)];
  if (["tag list", "tag-list", "referrers"].includes(last)) return "discovery";
  if (["ping", "blob-head", "blob-get", "get-missing", "manifest-get"].includes(last))
    return "pull";
  if (first === "missing-manifest" || last.startsWith("range ")) return "pull";
  return steps.includes("head") || steps.includes("pull") ? "pull" : undefined;
}
