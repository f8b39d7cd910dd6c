import { DevregError } from "../../errors.ts";
import type { Digest } from "../../oci-client/index.ts";
import { type BuildFacts, FACT_NAMES } from "./build-facts.ts";
import { type JsonObject, objectOf, objectsOf, sortKeys, textsOf } from "./json-object.ts";

/** The path of the executable in images. */
export const EXECUTABLE_PATH = "/usr/local/bin/devreg";
/** The folder of the build in images. */
export const BUILD_FOLDER = "/registry";
/** Owner of the build and user of the process: some user of the root group, as OpenShift runs it. */
export const BUILD_OWNER = { uid: 1001, gid: 0 } as const;

const ENTRYPOINT = [EXECUTABLE_PATH, "serve", BUILD_FOLDER];
const PORTS = { "7071/tcp": {}, "8080/tcp": {} };
const CREATED_BY = `devreg generate --image: ${EXECUTABLE_PATH} and the build at ${BUILD_FOLDER}`;

/**
 * Gives the config of an image with one layer more that holds the executable and a build. What says
 * how to run it is set, what a base says of its own content is taken out, everything else stays.
 * Spec: image-spec v1.1, Image Configuration.
 *
 * @param layers how many layers the image has before
 * @throws {DevregError} INPUT_INVALID when the config is of another number of layers
 */
export function configWithBuild(
  config: JsonObject,
  layers: number,
  diffId: Digest,
  facts: BuildFacts,
): JsonObject {
  const rootfs = objectOf(config["rootfs"]);
  const diffIds = textsOf(rootfs["diff_ids"]);
  if (diffIds.length !== layers) {
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot put a layer on the image: it has ${layers} layers, its config ${diffIds.length}`,
    );
  }
  const { created } = facts;
  return sortKeys({
    ...config,
    created,
    config: runtimeOf(objectOf(config["config"]), facts),
    rootfs: sortKeys({ ...rootfs, diff_ids: [...diffIds, diffId] }),
    history: [...historyOf(config, layers), { created, created_by: CREATED_BY }],
  });
}

/**
 * Takes the last layer out of a config that {@link configWithBuild} made, so that it can be made
 * again.
 */
export function configBelowBuild(config: JsonObject): JsonObject {
  const rootfs = objectOf(config["rootfs"]);
  return {
    ...config,
    rootfs: { ...rootfs, diff_ids: textsOf(rootfs["diff_ids"]).slice(0, -1) },
    history: objectsOf(config["history"]).slice(0, -1),
  };
}

/** Tells whether a config starts a registry as images made by devreg do. */
export function startsBuild(config: JsonObject): boolean {
  const entrypoint = textsOf(objectOf(config["config"])["Entrypoint"]);
  return entrypoint.join(" ") === ENTRYPOINT.join(" ");
}

/** Takes out of labels or annotations what speaks of other content, and adds what is known of ours. */
export function withFacts(record: JsonObject, { labels }: BuildFacts): JsonObject {
  const kept = Object.entries(record).filter(([name]) => !FACT_NAMES.includes(name));
  return sortKeys({ ...Object.fromEntries(kept), ...labels });
}

/** Arguments that a base gives to its own program mean nothing to ours. */
function runtimeOf(base: JsonObject, facts: BuildFacts): JsonObject {
  const { Cmd: _arguments, ...kept } = base;
  return sortKeys({
    ...kept,
    Entrypoint: ENTRYPOINT,
    ExposedPorts: sortKeys({ ...objectOf(base["ExposedPorts"]), ...PORTS }),
    Labels: withFacts(objectOf(base["Labels"]), facts),
    User: `${BUILD_OWNER.uid}:${BUILD_OWNER.gid}`,
    WorkingDir: BUILD_FOLDER,
  });
}

/** Tools count layers by the history: where a base has none, its layers get empty entries. */
function historyOf(config: JsonObject, layers: number): readonly JsonObject[] {
  const history = objectsOf(config["history"]);
  return history.length > 0 ? history : Array.from({ length: layers }, () => ({}));
}
