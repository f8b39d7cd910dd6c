import { spawn } from "node:child_process";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { systemState } from "../atomic-file.ts";
import { DevregError } from "../errors.ts";
import { HashThread } from "../hash-thread.ts";
import { AUTH_FILE_BYTES } from "../limits.ts";
import type { Logger } from "../log.ts";
import { createTransportPool, type Transport, type TransportPool } from "../net/index.ts";
import type { RegistryLocation } from "../oci-client/index.ts";
import {
  type Clock,
  type CredentialSource,
  createRemoteRegistry,
  type HelperRun,
  loadCredentials,
  type RemoteRegistry,
} from "../oci-client/remote/index.ts";
import type { connectionFlags } from "./connection-flags.ts";
import { type ProcessEdge, patience } from "./edge.ts";
import type { FlagValues } from "./flag.ts";

/** A registry to talk to, and how to hang up. */
export interface Connection {
  readonly registry: RemoteRegistry;
  /** Whether requests to it may carry credentials. */
  readonly authenticated: boolean;
  close(): Promise<void>;
}

/** The checked values of the connection flags. */
export type ConnectionConfig = FlagValues<typeof connectionFlags>;

/**
 * Opens the way to a registry; nothing is sent yet. Requests under way when the process is told to
 * stop may take `graceMs` more.
 *
 * @throws {DevregError} CONFIG_INVALID for unreadable certificate or credential files
 */
export async function connect(
  edge: ProcessEdge,
  location: RegistryLocation,
  config: ConnectionConfig,
  log: Logger,
  graceMs: number,
): Promise<Connection> {
  const way = await openWay(edge, config, graceMs);
  const credentials = way.credentials(config.creds);
  const registry = createRemoteRegistry({
    location,
    send: way.send,
    credentials,
    plainHttp: config.plainHttp,
    trustedRealms: config.trustedRealms,
    log,
    clock: way.clock,
    hashThread: new HashThread(),
  });
  const authenticated = (await credentials.for(location.registry, location.prefix)) !== undefined;
  return { registry, authenticated, close: way.close };
}

/** What clients of all registries share: connections, credentials, a clock. */
export interface RegistryWay {
  /** Ends requests under way a while after the process is told to stop. */
  readonly send: Transport;
  readonly clock: Clock;
  /** Gives credentials; those of a flag come before all others. */
  credentials(flag?: string): CredentialSource;
  close(): Promise<void>;
}

/**
 * Opens the way to registries; nothing is sent yet. Requests under way when the process is told to
 * stop may take `graceMs` more.
 *
 * @throws {DevregError} CONFIG_INVALID for unreadable certificate or credential files
 */
export async function openWay(
  edge: ProcessEdge,
  config: PoolConfig & { readonly authfile?: string | undefined },
  graceMs: number,
): Promise<RegistryWay> {
  const pool = await openPool(edge, config);
  const broken = patience(edge, graceMs);
  return {
    send: withSignal(pool.send, broken),
    clock: {
      nowMs: edge.nowMs,
      random: edge.random,
      sleep: (ms, signal) => edge.sleep(ms, signal ? AbortSignal.any([signal, broken]) : broken),
    },
    credentials: (flag) =>
      loadCredentials({
        flag,
        authFile: config.authfile,
        env: edge.env,
        homeDir: edge.home,
        readFile: (path) => readOptional(resolve(edge.cwd, path)),
        runHelper,
      }),
    close: () => pool.close(),
  };
}

/** Makes every request end when the signal aborts. */
function withSignal(send: Transport, broken: AbortSignal): Transport {
  return (request) => {
    const { signal } = request;
    return send({ ...request, signal: signal ? AbortSignal.any([signal, broken]) : broken });
  };
}

/** What a pool of connections needs from a command's flags. */
export interface PoolConfig {
  readonly caFile?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly tlsVerify?: boolean;
  /** Judges the addresses that are connected to. */
  readonly mayConnect?: (address: string) => boolean;
}

/** Opens a pool of connections as flags and proxy environment say. */
export async function openPool(edge: ProcessEdge, config: PoolConfig): Promise<TransportPool> {
  const { caFile, cert, key, mayConnect } = config;
  if ((cert === undefined) !== (key === undefined)) {
    throw new DevregError("USAGE", "Cannot use a client certificate: --cert and --key go together");
  }
  const proxyOf = (name: string) => edge.env[name.toLowerCase()] || edge.env[name] || undefined;
  const [http, https, no] = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].map(proxyOf);
  return createTransportPool({
    userAgent: `devreg/${edge.tool.version}`,
    verifyTls: config.tlsVerify ?? true,
    ...(mayConnect === undefined ? {} : { mayConnect }),
    ...(caFile === undefined ? {} : { extraCa: await readAuthorities(edge, caFile) }),
    ...(cert === undefined || key === undefined
      ? {}
      : {
          clientCert: {
            cert: await readTextFile(edge, cert, "--cert"),
            key: await readTextFile(edge, key, "--key"),
          },
        }),
    proxy: {
      ...(http === undefined ? {} : { http }),
      ...(https === undefined ? {} : { https }),
      ...(no === undefined ? {} : { no }),
    },
  });
}

async function readAuthorities(edge: ProcessEdge, path: string): Promise<string> {
  const pem = await readTextFile(edge, path, "--ca-file");
  if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  throw new DevregError("CONFIG_INVALID", `Cannot use --ca-file "${path}": no PEM certificate`, {
    hint: "Convert it: openssl x509 -inform der -in FILE",
  });
}

/** Reads a small file that a flag names. @throws {DevregError} CONFIG_INVALID naming the flag */
async function readTextFile(edge: ProcessEdge, path: string, flag: string): Promise<string> {
  try {
    const text = await readOptional(resolve(edge.cwd, path));
    if (text !== undefined) return text;
  } catch (cause) {
    throw new DevregError(
      "CONFIG_INVALID",
      `Cannot read ${flag} "${path}": ${systemState(cause)}`,
      {
        cause,
      },
    );
  }
  throw new DevregError("CONFIG_INVALID", `Cannot read ${flag} "${path}": there is no such file`);
}

/** Reads a small file; undefined when there is none. @throws {DevregError} LIMIT_EXCEEDED */
async function readOptional(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    if (size > AUTH_FILE_BYTES) {
      throw new DevregError(
        "LIMIT_EXCEEDED",
        `Cannot read "${path}": over ${AUTH_FILE_BYTES} bytes`,
      );
    }
    return await file.readFile("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Runs a docker credential helper; the host goes in by standard input, never by arguments. */
const runHelper: HelperRun = (program, input, { timeoutMs, limitBytes }) =>
  new Promise((done, fail) => {
    const child = spawn(program, ["get"], {
      stdio: ["pipe", "pipe", "ignore"],
      timeout: timeoutMs,
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    child.on("error", fail);
    child.stdin.on("error", fail);
    child.stdout.on("data", (chunk: Uint8Array) => {
      size += chunk.byteLength;
      if (size > limitBytes) child.kill("SIGKILL");
      else chunks.push(chunk);
    });
    child.on("close", (code) =>
      done({ code: code ?? 1, stdout: Buffer.concat(chunks).toString() }),
    );
    child.stdin.end(input);
  });
