import { spawn } from "node:child_process";
import { z } from "zod";
import { DevregError } from "../../errors.ts";
import { HELPER_BYTES, HELPER_TIMEOUT_MS } from "../../limits.ts";
import type { Credential } from "./credential.ts";

/** What a helper program printed and how it ended. */
export interface HelperOutcome {
  readonly exitCode: number;
  readonly stdout: string;
}

/** Runs `<program> get` with a server name on its standard input. */
export type RunHelper = (program: string, input: string) => Promise<HelperOutcome>;

const NAME = /^[A-Za-z0-9._-]+$/;
/** What a helper is asked for when Docker Hub is meant. */
const DOCKER_HUB_SERVER = "https://index.docker.io/v1/";
/** The user name that marks a secret as a refresh token. */
const TOKEN_USER = "<token>";

const answerSchema = z.looseObject({ Username: z.string(), Secret: z.string() });

/**
 * Asks a docker credential helper; undefined when it keeps nothing for the host.
 *
 * @throws {DevregError} CONFIG_INVALID when its name is none, or it fails in another way
 */
export async function askHelper(
  run: RunHelper,
  name: string,
  host: string,
): Promise<Credential | undefined> {
  if (!NAME.test(name)) {
    throw new DevregError("CONFIG_INVALID", `Cannot run credential helper "${name}": not a name`);
  }
  const program = `docker-credential-${name}`;
  const { exitCode, stdout } = await run(program, host === "docker.io" ? DOCKER_HUB_SERVER : host);
  if (exitCode !== 0) {
    // The one message that the protocol fixes.
    if (/credentials not found/i.test(stdout)) return undefined;
    throw failed(program, `it ended with ${exitCode}`);
  }
  const { Username, Secret } = parse(program, stdout);
  if (Secret === "") return undefined;
  return Username === TOKEN_USER
    ? { kind: "refresh", token: Secret }
    : { kind: "basic", username: Username, password: Secret };
}

/** Makes a runner that starts helpers with an environment, bounded in time and output. */
export function createHelperRunner(
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs = HELPER_TIMEOUT_MS,
): RunHelper {
  return (program, input) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, ["get"], { env: { ...env }, stdio: ["pipe", "pipe", "ignore"] });
      const chunks: Buffer[] = [];
      let size = 0;
      const stop = (state: string) => {
        clearTimeout(timer);
        child.kill("SIGKILL");
        reject(failed(program, state));
      };
      const timer = setTimeout(() => stop(`it took over ${timeoutMs} ms`), timeoutMs);
      child.on("error", () => stop("it cannot be started"));
      child.stdout.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.byteLength;
        if (size > HELPER_BYTES) stop(`it printed over ${HELPER_BYTES} bytes`);
      });
      child.on("close", (code) => {
        clearTimeout(timer);
        resolve({ exitCode: code ?? -1, stdout: Buffer.concat(chunks).toString("utf8") });
      });
      // A helper that ends without reading breaks the pipe; its exit code tells the rest.
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
    });
}

function parse(program: string, stdout: string): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(stdout));
  } catch {
    // What it printed may hold the secret, so the cause is not passed on.
    throw failed(program, "its answer has a wrong form");
  }
}

function failed(program: string, state: string): DevregError {
  return new DevregError("CONFIG_INVALID", `Cannot get credentials from ${program}: ${state}`);
}
