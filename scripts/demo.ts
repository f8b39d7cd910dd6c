/** Builds the executable and serves the example registry in the foreground: `bun run demo`. */
import { createServer } from "node:net";
import { join } from "node:path";
import { BINARY, build } from "./build.ts";

const REGISTRY = join(import.meta.dir, "..", "examples", "registry");

/** Gives the wanted port, or 0 (the system chooses) when somebody has it. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(0));
    probe.listen(wanted, "0.0.0.0", () => probe.close(() => resolve(wanted)));
  });
}

console.log("Building dist/devreg …");
build();
const port = await freePort(8080);
const metricsPort = await freePort(7071);
const server = Bun.spawn(
  [
    BINARY,
    "serve",
    REGISTRY,
    `--listen=0.0.0.0:${port}`,
    `--metrics-listen=127.0.0.1:${metricsPort}`,
    "--watch",
    "--log-level=warn",
  ],
  { stdin: "ignore", stdout: "pipe", stderr: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));

let printed = "";
for await (const chunk of server.stdout) {
  const text = new TextDecoder().decode(chunk);
  process.stdout.write(text);
  const before = /http:\/\/\S+/.test(printed);
  printed += text;
  const url = /http:\/\/\S+/.exec(printed)?.[0];
  if (url !== undefined && !before) printSuggestions(url);
}
process.exitCode = await server.exited;

function printSuggestions(url: string): void {
  console.log(`
Three things to try (Ctrl-C stops):
  open     ${url}/viewer
  ask      curl "${url}/v2index?name=go"
  pull     skopeo inspect --raw --tls-verify=false docker://${url.replace("http://", "")}/devfile-catalog/go-service:1.1.0
The folder is watched: edit examples/registry/stacks/static-site/devfile.yaml and reload.
`);
}
