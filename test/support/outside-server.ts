/**
 * Serves an OutsideWorld on the ports of the web, so it runs where these are free:
 * `bun outside-server.ts FOLDER CERTIFICATE KEY`. Says "ready" and goes on until it is ended.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type GitRequest, startGitHttpServer } from "./git-http-server.ts";

const [folder = "", certificate = "", key = ""] = process.argv.slice(2);
const files: Record<string, string> = JSON.parse(readFileSync(join(folder, "files.json"), "utf8"));

function answerFile({ url }: GitRequest): Response | undefined {
  const name = files[url];
  return name === undefined ? undefined : new Response(Bun.file(join(folder, name)));
}

const options = { intercept: answerFile };
startGitHttpServer(join(folder, "git"), { ...options, port: 80 });
startGitHttpServer(join(folder, "git"), {
  ...options,
  port: 443,
  tls: { cert: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") },
});
console.log("ready");
