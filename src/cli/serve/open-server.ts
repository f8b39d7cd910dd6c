import { randomUUID } from "node:crypto";
import type { ReadonlyRegistry } from "../../oci-client/index.ts";
import {
  type AppDeps,
  createApp,
  createFrontedRegistry,
  createMetricsApp,
  type Listening,
  listen,
  troubleOf,
} from "../../server/index.ts";
import { readArtifactTypes } from "./artifact-types/read-artifact-types.ts";
import type { Serving } from "./assemble.ts";
import { registryOf } from "./modes.ts";
import { pinTags } from "./pinned-registry.ts";
import { openSecret } from "./secret-file.ts";
import { readTlsFiles } from "./tls-files.ts";
import { RegistryWatch } from "./watched-registry.ts";

/**
 * Begins to listen.
 *
 * @throws {DevregError} CONFIG_INVALID when an address is taken, or a file of a flag cannot be read
 */
export async function openServer(
  serving: Serving,
  telemetry: AppDeps["telemetry"],
): Promise<Listening> {
  const { edge, config, state, metrics, log } = serving;
  const { metricsListen } = config;
  if (metricsListen !== undefined) metrics.watchProcess();
  const tls = await readTlsFiles(edge, config.tlsCert, config.tlsKey);
  const updates = await openUpdates(serving);
  const { artifactTypes: file } = config;
  const artifactTypes = file === undefined ? undefined : await readArtifactTypes(edge, file);
  const watch = new RegistryWatch();
  return listen({
    ...config.listen,
    metrics: metricsListen && { ...metricsListen, app: createMetricsApp(metrics) },
    http2: config.http2,
    tls,
    app: createApp({
      state,
      registry: openFront(serving, watch),
      upstream: openUpstream(serving, watch),
      artifactTypes,
      updates,
      starters: serving.starters,
      others: serving.beside,
      config: {
        ...config,
        basePath: config.basePath ?? "",
        version: edge.tool.version,
        tlsOnly: tls !== undefined && config.publicUrl?.startsWith("https:") === true,
      },
      telemetry,
      log,
      metrics,
      now: edge.now,
      nowMs: edge.nowMs,
      requestId: randomUUID,
    }),
    log,
  });
}

/** Requests for updates are taken where there is a source and a secret. */
async function openUpdates({ edge, config, updater, log }: Serving): Promise<AppDeps["updates"]> {
  const { webhookSecretFile } = config;
  if (updater === undefined || webhookSecretFile === undefined) return undefined;
  const secret = await openSecret(edge, webhookSecretFile, log);
  return { port: updater, secret, now: edge.now, stopped: edge.stopped };
}

/** Says where the registry behind is, and how it is. */
function openUpstream({ config, input }: Serving, watch: RegistryWatch): AppDeps["upstream"] {
  const location = registryOf(config, input);
  if (location === undefined) return undefined;
  const { registry, prefix } = location;
  return {
    address: prefix === "" ? registry : `${registry}/${prefix}`,
    role: config.follow === undefined ? "behind" : "followed",
    trouble: () => watch.trouble(),
  };
}

function openFront(
  { edge, config, state, metrics, connection, publisher, log }: Serving,
  watch: RegistryWatch,
): ReadonlyRegistry | undefined {
  if (connection === undefined) return undefined;
  return createFrontedRegistry({
    upstream: watch.over(pinTags(connection.registry, () => state.tags())),
    own: () => state.current()?.registry,
    // With credentials behind, strangers must not read by them what the index does not name.
    allowed: connection.authenticated ? () => false : undefined,
    onMissing: (repository, tag) => {
      log.warn("the registry lacks a stack version", { repository, tag });
      publisher?.check();
    },
    onFailure: (error, isLeftAlone) => {
      const trouble = troubleOf(error);
      metrics.upstreamFailed(trouble.kind);
      watch.failed();
      if (isLeftAlone && trouble.kind === "unreachable") {
        state.report(config.follow === undefined ? "registry" : "follow", trouble);
      }
      // It finds out whether the registry is there, says so in /readyz, and goes on until it is.
      publisher?.check();
    },
    clock: edge,
    log,
  });
}
