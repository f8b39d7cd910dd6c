import { z } from "zod";
import { DevregError, describeError } from "../../errors.ts";
import { HELPER_BYTES, HELPER_TIMEOUT_MS } from "../../limits.ts";
import { DOCKER_HUB } from "./auth-file.ts";
import type { Credential } from "./credential.ts";

/** The bounds that a helper program runs in. */
export interface HelperBounds {
  readonly timeoutMs: number;
  /** Of its standard output. */
  readonly limitBytes: number;
}

/**
 * Runs `<program> get` with text on its standard input and gives its exit code and standard
 * output. It is ended, with a code other than 0, when it goes beyond the bounds.
 */
export type HelperRun = (
  program: string,
  input: string,
  bounds: HelperBounds,
) => Promise<{ readonly code: number; readonly stdout: string }>;

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
  run: HelperRun,
  name: string,
  host: string,
): Promise<Credential | undefined> {
  if (!NAME.test(name)) {
    throw new DevregError("CONFIG_INVALID", `Cannot run credential helper "${name}": not a name`);
  }
  const program = `docker-credential-${name}`;
  const { code, stdout } = await start(
    run,
    program,
    host === DOCKER_HUB ? DOCKER_HUB_SERVER : host,
  );
  if (code !== 0) {
    // The one message that the protocol fixes.
    if (/credentials not found/i.test(stdout)) return undefined;
    throw failed(program, `it ended with code ${code}`);
  }
  const { Username, Secret } = parse(program, stdout);
  if (Secret === "") return undefined;
  return Username === TOKEN_USER
    ? { kind: "refresh", token: Secret }
    : { kind: "basic", username: Username, password: Secret };
}

async function start(run: HelperRun, program: string, server: string) {
  try {
    return await run(program, server, { timeoutMs: HELPER_TIMEOUT_MS, limitBytes: HELPER_BYTES });
  } catch (error) {
    throw failed(program, describeError(error));
  }
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
