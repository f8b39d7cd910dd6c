import {
  IMAGE_REPOSITORY,
  shownLocation,
  takesStacks,
  targetPathsOf,
  type Verification,
  type VerifyOptions,
  verifyBundle,
  verifyTarget,
} from "../../../airgap/index.ts";
import { DevregError } from "../../../errors.ts";
import { STOP_GRACE_MS } from "../../../limits.ts";
import type { RegistryLocation } from "../../../oci-client/index.ts";
import type { Invocation } from "../../command.ts";
import type { ProcessEdge } from "../../edge.ts";
import type { FlagValues } from "../../flag.ts";
import { commandLogger, commandProgress } from "../../output.ts";
import { type BundleOrLock, openBundleOrLock } from "../bundle-or-lock.ts";
import { openRegistries } from "../registries.ts";
import type { verifyFlags } from "./flags.ts";
import { exitCodeOfVerification, renderVerification } from "./render.ts";

/** Runs `devreg mirror verify` and gives its exit code. */
export async function executeVerify(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof verifyFlags>,
): Promise<number> {
  const [operand = ""] = operands;
  await using closing = new AsyncDisposableStack();
  const opened = await openBundleOrLock(edge, operand, closing);
  const { at, format } = config;
  const { level = at === undefined ? "blob" : "graph" } = config;
  const options = { level, progress: commandProgress(edge), signal: edge.stopped };
  const verification =
    at === undefined
      ? await verifyAlone(opened, operand, options)
      : await verifyAt(edge, opened, at, config, options, closing);
  const shown = at === undefined ? operand : shownLocation(at);
  edge.stdout.write(renderVerification(verification, shown, format, hintFor(at)));
  return exitCodeOfVerification(verification);
}

function hintFor(at: RegistryLocation | undefined): string {
  return at === undefined
    ? "Copy the bundle again, or save it again"
    : "Say --path-style and --max-path-depth as for load; what is missing is sent by loading again";
}

async function verifyAlone(
  { bundle }: BundleOrLock,
  operand: string,
  options: VerifyOptions,
): Promise<Verification> {
  if (bundle !== undefined) return await verifyBundle(bundle, options);
  throw new DevregError("USAGE", `Cannot verify "${operand}": a lock holds no content`, {
    hint: "Name the registry it was mirrored into: --at HOST[:PORT][/PREFIX]",
  });
}

async function verifyAt(
  edge: ProcessEdge,
  { lock, bundle }: BundleOrLock,
  location: RegistryLocation,
  config: FlagValues<typeof verifyFlags>,
  options: VerifyOptions,
  closing: AsyncDisposableStack,
): Promise<Verification> {
  const { pathStyle, maxPathDepth } = config;
  const targets = targetPathsOf(lock, { location, pathStyle, maxPathDepth });
  const registries = await openRegistries(edge, config, commandLogger(edge), STOP_GRACE_MS);
  closing.defer(() => registries.close());
  const registry = registries.target(location);
  const registryImage = bundle?.roots.some(({ name }) => name.startsWith(`${IMAGE_REPOSITORY}:`));
  return await verifyTarget(
    {
      ...{ lock, registry, location, targets },
      stacks: takesStacks({ location, maxPathDepth }),
      registryImage: registryImage === true,
    },
    options,
  );
}
