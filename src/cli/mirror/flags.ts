import { connectionFlags, repositoryFlags } from "../connection-flags.ts";
import { listFlag, optionalFlag, switchFlag, valueFlag } from "../flag.ts";
import { choice, count, host, platform, publicUrl, registryLocation, text } from "../values.ts";

/** The flags of every mirror command that reaches registries, several at once. */
export const mirrorConnectionFlags = {
  authfile: connectionFlags.authfile,
  destCreds: optionalFlag(text, {
    placeholder: "USER:PASSWORD",
    help: "Credentials for the registry of --to; better in the environment, where ps does not show them",
    secret: true,
  }),
  caFile: connectionFlags.caFile,
  cert: connectionFlags.cert,
  key: connectionFlags.key,
  tlsVerify: connectionFlags.tlsVerify,
  trustedRealms: connectionFlags.trustedRealms,
  plainHttp: listFlag(host, {
    placeholder: "HOST[:PORT]",
    help: "Registries to reach without TLS; loopback addresses are reached so by themselves",
  }),
};

/** The flags that say what is mirrored. */
export const contentFlags = {
  lock: optionalFlag(text, {
    placeholder: "FILE",
    help: "Take what this mirror.lock.json says: its digests, commits and checksums",
  }),
  config: optionalFlag(text, {
    short: "c",
    placeholder: "FILE",
    help: "mirror.yaml: further images, where else images are named, what to ignore",
  }),
  platform: listFlag(platform, {
    placeholder: "OS/ARCH[/VARIANT]",
    help: "Take only these platforms of images (default all)",
  }),
  platformMode: valueFlag(choice(["strip", "sparse"]), {
    placeholder: "strip|sparse",
    default: "strip",
    help: "With --platform: take the others out of image indexes, or leave the index and its gaps",
  }),
  noReferrers: switchFlag({ help: "Leave signatures, SBOMs and attestations behind" }),
  exclude: listFlag(text, {
    placeholder: "GLOB",
    help: "Leave out stacks and samples (name or name@version) and images (a pattern with a slash)",
  }),
  include: listFlag(text, {
    placeholder: "GLOB",
    help: "Take only these stacks and samples (name or name@version)",
  }),
  base: optionalFlag(text, {
    placeholder: "REF|oci:DIR|none",
    help: "Base of the offline registry image (default gcr.io/distroless/base-nossl-debian12)",
  }),
  binary: listFlag(text, {
    placeholder: "OS/ARCH=FILE",
    help: "The devreg executable of another platform, for the offline registry image",
  }),
  publicUrl: optionalFlag(publicUrl, {
    placeholder: "URL",
    help: "The address users will reach the mirrored registry at",
  }),
  parents: optionalFlag(choice(["registry", "flatten"]), {
    placeholder: "registry|flatten",
    help: "What becomes of parents: references to the public URL (default with one) or parts of the devfiles",
  }),
  alsoKnownAs: listFlag(publicUrl, {
    placeholder: "URL",
    help: "Addresses by which devfiles know this registry (default https://registry.devfile.io)",
  }),
  gitBase: optionalFlag(publicUrl, {
    placeholder: "URL",
    help: "Where clients find the repositories of samples, each at its own path",
  }),
  force: repositoryFlags.force,
  onDuplicate: repositoryFlags.onDuplicate,
  cacheDir: repositoryFlags.cacheDir,
};

/** The flags that say where it goes and under which names. */
export const targetFlags = {
  to: optionalFlag(registryLocation, {
    placeholder: "HOST[:PORT][/PREFIX]",
    help: "The registry to mirror into; required",
  }),
  pathStyle: optionalFlag(choice(["host-path", "path", "flat"]), {
    placeholder: "host-path|path|flat",
    help: "Names below the prefix: source-host/repo, repo, or its last part (default host-path, flat where --max-path-depth asks for it)",
  }),
  maxPathDepth: optionalFlag(count, {
    placeholder: "N",
    help: "How many parts names may have at the registry, the prefix included",
  }),
  pin: valueFlag(choice(["written", "tag", "digest", "tag+digest"]), {
    placeholder: "written|tag|digest|tag+digest",
    default: "written",
    help: "How rewritten devfiles name images",
  }),
  rewrite: valueFlag(choice(["refs", "none"]), {
    placeholder: "refs|none",
    default: "refs",
    help: "Let devfiles name the mirrored images, or leave that to the cluster's mirror configuration",
  }),
  onExistingTag: valueFlag(choice(["owned", "error", "skip", "overwrite"]), {
    placeholder: "owned|error|skip|overwrite",
    default: "owned",
    help: "Tags that point elsewhere: move those that devreg set and refuse others, or as said",
  }),
};

/** The flags about what is printed. */
export const reportFlags = {
  format: valueFlag(choice(["text", "json"]), {
    placeholder: "text|json",
    default: "text",
    help: "Form of the report on standard output",
  }),
  report: optionalFlag(text, {
    placeholder: "FILE",
    help: "Also write the report as JSON to this file, again and again while it runs",
  }),
};
