/**
 * The floor for a push: a bare undici loop that sends the requests of a bootstrap and checks
 * nothing. bun scripts/bench/bare-push.ts PLAN HOST, the plan as scripts/bench/bootstrap.ts makes it.
 */
import { readFileSync } from "node:fs";
import { Agent, request } from "undici/index.js";
import { eachBounded } from "../../src/concurrent.ts";
import { REGISTRY_CONCURRENCY } from "../../src/limits.ts";

interface Plan {
  readonly repository: string;
  readonly tag: string;
  readonly mediaType: string;
  /** Base64 of the bytes. */
  readonly manifest: string;
  readonly blobs: readonly { readonly digest: string; readonly bytes: string }[];
}

const [planFile = "", host = ""] = process.argv.slice(2);
const plan: Plan[] = JSON.parse(readFileSync(planFile, "utf8"));
const dispatcher = new Agent({ allowH2: false, connections: REGISTRY_CONCURRENCY });
const pushed = new Map<string, Promise<void>>();
let requests = 0;

async function send(method: "HEAD" | "POST" | "PUT", path: string, body?: Buffer, type?: string) {
  requests += 1;
  const url = path.startsWith("http") ? path : `http://${host}${path}`;
  const reply = await request(url, {
    method,
    dispatcher,
    ...(body === undefined ? {} : { body }),
    headers: {
      accept: "application/vnd.oci.image.manifest.v1+json, */*",
      ...(type === undefined ? {} : { "content-type": type }),
    },
  });
  await reply.body.dump();
  return reply;
}

async function pushBlob(repository: string, digest: string, bytes: Buffer): Promise<void> {
  const head = await send("HEAD", `/v2/${repository}/blobs/${digest}`);
  if (head.statusCode === 200) return;
  const post = await send("POST", `/v2/${repository}/blobs/uploads/`);
  const location = String(post.headers["location"]);
  const put = `${location}${location.includes("?") ? "&" : "?"}digest=${digest}`;
  await send("PUT", put, bytes, "application/octet-stream");
}

async function pushArtifact(item: Plan): Promise<void> {
  const manifest = `/v2/${item.repository}/manifests/${item.tag}`;
  const head = await send("HEAD", manifest);
  if (head.statusCode === 200) return;
  await Promise.all(
    item.blobs.map(({ digest, bytes }) => {
      const key = `${item.repository}@${digest}`;
      const flight =
        pushed.get(key) ?? pushBlob(item.repository, digest, Buffer.from(bytes, "base64"));
      pushed.set(key, flight);
      return flight;
    }),
  );
  await send("PUT", manifest, Buffer.from(item.manifest, "base64"), item.mediaType);
}

const startedMs = performance.now();
await eachBounded(plan, REGISTRY_CONCURRENCY, pushArtifact);
console.log(JSON.stringify({ requests, seconds: (performance.now() - startedMs) / 1000 }));
await dispatcher.close();
