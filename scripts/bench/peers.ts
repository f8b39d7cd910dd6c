/** What the benchmarks of `serve` start: the executable, and nginx beside it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { BINARY } from "../build.ts";

/** A server that runs. */
export interface Peer {
  readonly url: string;
  /** The process that answers. */
  readonly pid: number;
  readonly readyS: number;
  stop(): Promise<void>;
}

/** Gives a port of 127.0.0.1 that nobody uses now. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Starts `devreg serve` and waits until it is ready. */
export async function startServing(args: readonly string[]): Promise<Peer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedMs = performance.now();
  const fixed = [`--listen=127.0.0.1:${port}`, "--metrics-listen=off", "--log-level=error"];
  const child = Bun.spawn([BINARY, "serve", ...args, ...fixed], {
    stdout: "ignore",
    stderr: "inherit",
  });
  await answers(`${url}/readyz`);
  const stop = () => end(child);
  return { url, pid: child.pid, readyS: (performance.now() - startedMs) / 1000, stop };
}

/** Starts nginx with one worker; `server` is what stands in its server block beside `listen`. */
export async function startNginx(work: string, server: string): Promise<Peer> {
  const port = await freePort();
  mkdirSync(work, { recursive: true });
  const config = join(work, "nginx.conf");
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${work}/nginx.pid; error_log ${work}/error.log;
events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type text/plain;
  client_body_temp_path ${work}/t1; proxy_temp_path ${work}/t2; fastcgi_temp_path ${work}/t3;
  uwsgi_temp_path ${work}/t4; scgi_temp_path ${work}/t5; open_file_cache max=100;
  server { listen 127.0.0.1:${port}; ${server} } }`,
  );
  // The root user's workers would drop to nobody and could not read the folder.
  const user = process.getuid?.() === 0 ? ["-g", "user root;"] : [];
  const child = Bun.spawn(["nginx", "-c", config, ...user], { stdout: "ignore", stderr: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  return { url, pid: workerOf(child.pid), readyS: 0, stop: () => end(child) };
}

function workerOf(pid: number): number {
  return Number(
    Bun.spawnSync(["pgrep", "-P", String(pid)])
      .stdout.toString()
      .trim(),
  );
}

async function answers(url: string): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (performance.now() < deadlineMs) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined && answer.status !== 503) return;
    await Bun.sleep(2);
  }
  throw new Error(`${url} does not answer`);
}

async function end(child: { kill(): void; readonly exited: Promise<number> }): Promise<void> {
  child.kill();
  await child.exited;
}
