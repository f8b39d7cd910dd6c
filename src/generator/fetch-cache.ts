import { createHash } from "node:crypto";
import { textOf } from "../bytes.ts";
import { GIT_PACK_BYTES, ZIP_BYTES } from "../limits.ts";
import type { HttpRequest, HttpResponse, Transport } from "../net/index.ts";
import { FetchCacheStore, type KeptRecord, type SpooledBody } from "./fetch-cache-store.ts";

const GIT_SERVICE = "/git-upload-pack";
/** The types that zip archives are served as. */
const ARCHIVE = /^application\/(?:(?:x-)?zip(?:-compressed)?|octet-stream)\b/i;

/**
 * Opens a folder in which packs of git servers and zip archives are kept from one run to the next,
 * and gives a layer over a transport. A pack follows from the commits that are asked for, so it is
 * not asked for twice; of an archive the server is asked whether it changed. What servers say of
 * their references is never kept, nor is anything that was asked for with a token but for packs,
 * which are given out only after the server took the token.
 *
 * @throws {DevregError} IO when the folder cannot be used
 */
export async function openFetchCache(
  folder: string,
  now: () => Date,
): Promise<(send: Transport) => Transport> {
  const store = new FetchCacheStore(folder, now);
  await store.open();
  return (send) => (request) => {
    if (isPackRequest(request)) return sendForPack(send, request, store);
    if (isArchiveRequest(request)) return sendForArchive(send, request, store);
    return send(request);
  };
}

/** Spec: gitprotocol-v2 and gitprotocol-pack; both name the wanted objects in lines of their own. */
function isPackRequest({ method, url, body }: HttpRequest): boolean {
  if (method !== "POST" || !url.pathname.endsWith(GIT_SERVICE)) return false;
  return body instanceof Uint8Array && /want [0-9a-f]{40}/.test(textOf(body));
}

function isArchiveRequest({ method, headers, url }: HttpRequest): boolean {
  return (
    method === "GET" &&
    headers?.["authorization"] === undefined &&
    !url.href.includes("/info/refs?")
  );
}

async function sendForPack(
  send: Transport,
  request: HttpRequest,
  store: FetchCacheStore,
): Promise<HttpResponse> {
  const asked = request.body instanceof Uint8Array ? textOf(request.body) : "";
  const key = keyOf(request, asked);
  const kept = await store.find(key);
  if (kept !== undefined) return keptResponse(request, kept, store);
  const response = await send(request);
  if (response.status !== 200) return response;
  const what = `the answer of ${request.url.host}`;
  const spooled = await store.spool(response.body, GIT_PACK_BYTES, what);
  if (!isWholePack(spooled, asked)) return { ...response, body: spooled.readOnce() };
  const record = { contentType: response.header("content-type") ?? "" };
  await spooled.keep(key, record);
  return keptResponse(request, { ...record, sha256: spooled.sha256 }, store);
}

/** An error, an answer that broke off and a server that may know more one day are not kept. */
function isWholePack({ head, tail }: SpooledBody, asked: string): boolean {
  if (!textOf(tail).endsWith("0000")) return false;
  const start = textOf(head).slice(4);
  return !start.startsWith("ERR ") && (asked.includes("deepen ") || !start.startsWith("shallow"));
}

async function sendForArchive(
  send: Transport,
  request: HttpRequest,
  store: FetchCacheStore,
): Promise<HttpResponse> {
  const key = keyOf(request, "");
  const kept = await store.find(key);
  const condition = kept?.etag === undefined ? {} : { "if-none-match": kept.etag };
  const response = await send({ ...request, headers: { ...request.headers, ...condition } });
  if (kept !== undefined && response.status === 304) {
    await response.discard();
    return keptResponse(request, kept, store);
  }
  const [contentType = "", etag] = ["content-type", "etag"].map((name) => response.header(name));
  if (response.status !== 200 || etag === undefined || !ARCHIVE.test(contentType)) return response;
  const spooled = await store.spool(response.body, ZIP_BYTES, request.url.host);
  await spooled.keep(key, { contentType, etag });
  return keptResponse(request, { contentType, etag, sha256: spooled.sha256 }, store);
}

function keyOf({ method, url }: HttpRequest, asked: string): string {
  return createHash("sha256")
    .update(JSON.stringify([method, url.href, asked]))
    .digest("hex");
}

function keptResponse(
  { url }: HttpRequest,
  record: KeptRecord,
  store: FetchCacheStore,
): HttpResponse {
  const values: Readonly<Record<string, string | undefined>> = {
    "content-type": record.contentType,
    etag: record.etag,
  };
  const header = (name: string) => values[name.toLowerCase()];
  return {
    status: 200,
    url,
    header,
    headerValues: (name) => [header(name)].flatMap((value) => value ?? []),
    body: store.read(record),
    discard: async () => undefined,
  };
}
