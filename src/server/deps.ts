import type { Context, Hono } from "hono";
import type { Logger } from "../log.ts";
import type { ReadonlyRegistry } from "../oci-client/index.ts";
import type { ArtifactType } from "./artifact-type.ts";
import type { ServerMetrics } from "./metrics.ts";
import type { OtherRegistries } from "./other-registries.ts";
import type { TroubleKind } from "./reason.ts";
import type { StarterSource } from "./rest/starter.ts";
import type { ServedState } from "./served.ts";
import type { Telemetry } from "./telemetry/index.ts";
import type { UpdateDeps } from "./updates/update-port.ts";

/** How the server presents itself. */
export interface ServerConfig {
  /** Without the viewer. */
  readonly headless: boolean;
  /** Shown on pages. */
  readonly name: string;
  /** "" or "/base": where everything but /health, /readyz and /v2 answers too. */
  readonly basePath: string;
  /** The address users reach this server at, without a slash at its end. */
  readonly publicUrl?: string | undefined;
  /** Tells everybody what failed in full, and where sources and registries are. Default: no. */
  readonly statusDetails?: boolean | undefined;
  /** Answers as the Go server does where devreg is kinder. */
  readonly strictCompat: boolean;
  /** Which answers the log tells of at its usual level. Default: those that failed. */
  readonly accessLog?: "all" | "failures" | "off" | undefined;
  /** Tells browsers to come back by https only. Default: no. */
  readonly tlsOnly?: boolean | undefined;
  /** Networks ("10.0.0.0/8") whose X-Forwarded-For is believed in the log. */
  readonly trustedProxies: readonly string[];
  /** Version of devreg. */
  readonly version: string;
}

/** A registry that this server reads. */
export interface Upstream {
  /** "registry.example/prefix": for those alone who may know. */
  readonly address: string;
  /** Whether what is served comes from there, or is kept there, too. */
  readonly role: "behind" | "followed";
  /** What was wrong when it was asked last; undefined while it is well. */
  trouble(): TroubleKind | undefined;
}

/** Everything the application works with. */
export interface AppDeps {
  readonly state: ServedState;
  /** Answers /v2; without it the current generation's own artifacts do. */
  readonly registry?: ReadonlyRegistry | undefined;
  /** Asked for starter projects that the build does not hold. */
  readonly starters?: StarterSource | undefined;
  /** Takes requests for updates at /api/update; without it that address does not exist. */
  readonly updates?: UpdateDeps | undefined;
  /** Other registries that the viewer shows beside this one. */
  readonly others?: OtherRegistries | undefined;
  /** The registry behind, or the one that is followed, as it answered last. */
  readonly upstream?: Upstream | undefined;
  /** Artifact types of one's own, before those that devreg knows. */
  readonly artifactTypes?: readonly ArtifactType[] | undefined;
  readonly config: ServerConfig;
  readonly log: Logger;
  readonly metrics: ServerMetrics;
  /** Counts what clients do; without it nothing is counted nor sent. */
  readonly telemetry?: Telemetry | undefined;
  /** Gives the time, for pages that say how long ago something was. */
  readonly now?: (() => Date) | undefined;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Makes an id for a request that came without one. */
  readonly requestId: () => string;
}

/** What Bun.serve hands to each request beside the request itself. */
export interface ServerBindings {
  requestIP?(request: Request): { readonly address: string } | null;
  /** Sets how long the connection of a request may be silent; 0 is for as long as it likes. */
  timeout?(request: Request, seconds: number): void;
}

/** What answers requests, by the one method that Bun.serve calls. */
export interface Answering {
  readonly fetch: (request: Request, bindings?: ServerBindings) => Response | Promise<Response>;
}

/** Types of what travels with a request. */
export interface ServerEnv {
  Bindings: ServerBindings;
}

/** The routes, with the types of what travels with a request. */
export type ServerApp = Hono<ServerEnv>;
/** One request on its way through the routes. */
export type ServerContext = Context<ServerEnv>;
