import { connectionFlags, repositoryFlags } from "../connection-flags.ts";
import { listFlag, optionalFlag, switchFlag, valueFlag } from "../flag.ts";
import {
  basePath,
  choice,
  cidr,
  duration,
  listenAddress,
  listenAddressOrOff,
  publicUrl,
  registryLocation,
  text,
} from "../values.ts";
import { devfileRegistries } from "./registries-flag.ts";

/** The flags of `devreg serve`. */
export const serveFlags = {
  listen: valueFlag(listenAddress, {
    placeholder: "HOST:PORT",
    default: "0.0.0.0:8080",
    help: "Where to listen; port 0 takes a free one and prints it",
  }),
  metricsListen: valueFlag(listenAddressOrOff, {
    placeholder: "HOST:PORT|off",
    default: "0.0.0.0:7071",
    help: "Where /metrics answers",
  }),
  watch: switchFlag({ help: "Read a folder again when it changes" }),
  registry: optionalFlag(registryLocation, {
    placeholder: "HOST[:PORT][/PREFIX]",
    help: "Load this OCI registry with the stacks and answer /v2 from it; without, from memory",
  }),
  source: listFlag(text, {
    placeholder: "GIT_URL[#REF]",
    help: "Git repository to keep up to date with: what is merged there is served",
  }),
  poll: optionalFlag(duration, {
    placeholder: "DURATION",
    help: "Ask the sources this often where their branches stand; off unless given",
  }),
  resync: optionalFlag(duration, {
    placeholder: "DURATION",
    help: "Look again this often at samples and parents in other repositories; off unless given",
  }),
  webhookSecretFile: optionalFlag(text, {
    placeholder: "FILE",
    help: "Secret of those who may POST /api/update; read again when it changes",
  }),
  follow: optionalFlag(registryLocation, {
    placeholder: "HOST[:PORT][/PREFIX]",
    help: "Serve the index that this OCI registry has, and answer /v2 from it, without writing to it",
  }),
  followInterval: valueFlag(duration, {
    placeholder: "DURATION",
    default: "30s",
    help: "How often a registry is asked for a new index, with --follow, or --source and --registry",
  }),
  dataDir: optionalFlag(text, {
    placeholder: "DIR",
    help: "With --source, --follow or --registry: folder that keeps what is served for a restart without them",
  }),
  basePath: optionalFlag(basePath, {
    placeholder: "PATH",
    help: "Answer below this path too; /health, /readyz and /v2 stay at the root",
  }),
  headless: switchFlag({
    help: "Switch the viewer off, and with it badges, robots.txt and sitemap.xml",
    env: ["REGISTRY_HEADLESS"],
  }),
  name: valueFlag(text, {
    placeholder: "NAME",
    default: "devfile-registry",
    help: "Name of this registry on its pages",
    env: ["REGISTRY_NAME"],
  }),
  devfileRegistries: optionalFlag(devfileRegistries, {
    placeholder: "JSON",
    help: "Other registries that the viewer shows beside this one: a list of name, url and fqdn",
    env: ["DEVFILE_REGISTRIES"],
  }),
  publicUrl: optionalFlag(publicUrl, {
    placeholder: "URL",
    help: "The address users reach this registry at, the source of every absolute link",
  }),
  trustedProxies: listFlag(cidr, {
    placeholder: "CIDR",
    help: "Networks whose X-Forwarded headers are believed",
  }),
  artifactTypes: optionalFlag(text, {
    placeholder: "FILE",
    help: "Artifact types of your own for /artifacts: how they are known, shown, used and scanned",
  }),
  statusDetails: switchFlag({
    help: "Tell everybody what failed in full, and where sources and registries are",
  }),
  strictCompat: switchFlag({
    help: "Say that nothing was found with an object in place of an empty index, as the Go server",
  }),
  telemetryKey: optionalFlag(text, {
    placeholder: "KEY",
    help: "Write key of the Segment source that is told what clients ask for; off unless given",
    env: ["TELEMETRY_KEY"],
    secret: true,
  }),
  telemetryUrl: valueFlag(publicUrl, {
    placeholder: "URL",
    default: "https://api.segment.io",
    help: "Where telemetry is sent",
  }),
  tlsCert: optionalFlag(text, { placeholder: "FILE", help: "PEM certificate to serve with" }),
  tlsKey: optionalFlag(text, { placeholder: "FILE", help: "PEM key of --tls-cert" }),
  http2: switchFlag({
    help: "Offer HTTP/2 beside HTTP/1.1, without TLS to clients that know beforehand",
    env: ["ENABLE_HTTP2"],
  }),
  ...repositoryFlags,
  ...connectionFlags,
  accessLog: valueFlag(choice(["all", "failures", "off"]), {
    placeholder: "all|failures|off",
    default: "failures",
    help: "Which requests the log tells of, one line each",
  }),
  logFormat: optionalFlag(choice(["text", "json"]), {
    placeholder: "text|json",
    help: "Form of the log on standard error (default text on a terminal, else json)",
  }),
  logLevel: valueFlag(choice(["debug", "info", "warn", "error"]), {
    placeholder: "LEVEL",
    default: "info",
    help: "Least severity logged",
  }),
};
