import { DevregError } from "../../errors.ts";
import type { RegistryLocation } from "../../oci-client/index.ts";
import type { FlagValues } from "../flag.ts";
import type { Input } from "../input.ts";
import type { serveFlags } from "./flags.ts";

/** The checked flags of `serve`. */
export type ServeConfig = FlagValues<typeof serveFlags>;

/** Where the Go server keeps its registry; taken with its environment when no other is named. */
const GO_REGISTRY: RegistryLocation = { registry: "localhost:5000", prefix: "" };

/** Tells whether what is served comes from a source or a registry, beside the command line. */
export function isLive({ source, follow }: ServeConfig): boolean {
  return source.length > 0 || follow !== undefined;
}

/** Refuses flags that contradict each other. @throws {DevregError} USAGE */
export function checkModes(config: ServeConfig, input: Input | undefined): void {
  const { source, follow, registry, poll, resync, webhookSecretFile, dataDir, noNetwork } = config;
  const hasSource = source.length > 0;
  const needSource = Object.entries({ poll, resync, webhookSecretFile });
  for (const [name, value] of needSource) {
    if (value !== undefined && !hasSource) refuse(`--${NAMES[name] ?? name} goes with --source`);
  }
  if (hasSource && noNetwork) refuse("--source goes without --no-network");
  if (isLive(config) && config.watch) refuse("--watch goes with neither --source nor --follow");
  if (hasSource && follow !== undefined) {
    refuse("--follow goes without --source", "Share an index with --source and --registry");
  }
  if (follow !== undefined && registry !== undefined) {
    refuse("--follow goes without --registry", "What follows a registry does not write to it");
  }
  if (dataDir !== undefined && !isLive(config) && registry === undefined) {
    refuse("--data-dir goes with --source, --follow or --registry");
  }
  if (input?.kind === "bundle" && (registry !== undefined || isLive(config))) {
    throw new DevregError("USAGE", `Cannot serve "${input.shown}" in front of a registry`, {
      hint: "Leave --registry out, or load the bundle: devreg mirror load BUNDLE --to HOST",
    });
  }
}

/** Gives the registry behind, or the one that is followed. */
export function registryOf(
  { registry, follow }: ServeConfig,
  input: Input | undefined,
): RegistryLocation | undefined {
  return follow ?? registry ?? (input?.kind === "parts" ? GO_REGISTRY : undefined);
}

const NAMES: Readonly<Record<string, string>> = { webhookSecretFile: "webhook-secret-file" };

function refuse(state: string, hint?: string): never {
  throw new DevregError("USAGE", `Cannot serve: ${state}`, hint === undefined ? {} : { hint });
}
