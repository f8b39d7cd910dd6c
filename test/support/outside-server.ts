/**
 * Serves an OutsideWorld on the ports of the web, so it runs where these are free:
 * `bun outside-server.ts FOLDER CERTIFICATE KEY`. Says "ready" and goes on until it is ended.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startDockerRegistry } from "./docker-registry.ts";
import { type GitRequest, startGitHttpServer } from "./git-http-server.ts";
import { REGISTRY_ACCESSES, REGISTRY_FOLDER } from "./outside-world.ts";

const [folder = "", certificate = "", key = ""] = process.argv.slice(2);
const files: Record<string, string> = JSON.parse(readFileSync(join(folder, "files.json"), "utf8"));

const dir = join(folder, REGISTRY_FOLDER);
const registry = existsSync(dir)
  ? await startDockerRegistry({ dir, readonly: true, accessLog: join(folder, REGISTRY_ACCESSES) })
  : undefined;
process.on("SIGTERM", async () => {
  await registry?.stop();
  process.exit(0);
});

function answer(request: GitRequest, headers: Headers): Response | Promise<Response> | undefined {
  const name = files[request.url];
  if (name !== undefined) return new Response(Bun.file(join(folder, name)));
  const { hostname, protocol } = new URL(request.url);
  const asksRegistry = protocol === "https:" && request.path.startsWith("/v2/");
  if (registry === undefined || !asksRegistry) return undefined;
  return askRegistry(request, headers, `${registry.host}/v2/`, hostname);
}

/** All hosts share one registry, each with its name before those of its repositories. */
async function askRegistry(
  { method, path }: GitRequest,
  headers: Headers,
  base: string,
  host: string,
): Promise<Response> {
  const name = path.slice("/v2/".length);
  const asked = `http://${base}${name === "" ? "" : `${host}/${name}`}`;
  const accept = headers.get("accept") ?? "*/*";
  const range = headers.get("range");
  const answered = await fetch(asked, {
    method,
    headers: { accept, ...(range === null ? {} : { range }) },
  });
  return new Response(method === "HEAD" ? null : answered.body, {
    status: answered.status,
    headers: answered.headers,
  });
}

const options = { intercept: answer };
startGitHttpServer(join(folder, "git"), { ...options, address: "127.0.0.1:80" });
startGitHttpServer(join(folder, "git"), {
  ...options,
  address: "127.0.0.1:443",
  tls: { cert: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") },
});
console.log("ready");
