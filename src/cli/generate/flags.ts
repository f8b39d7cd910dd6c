import { repositoryFlags } from "../connection-flags.ts";
import { listFlag, optionalFlag, switchFlag, valueFlag } from "../flag.ts";
import { DEFAULT_BASE } from "../image-source.ts";
import { mirrorConnectionFlags } from "../mirror/flags.ts";
import { choice, platform, publicUrl, text } from "../values.ts";
import { imageTarget } from "./image-target.ts";

/** The flags of `devreg generate`. */
export const generateFlags = {
  output: optionalFlag(text, {
    short: "o",
    placeholder: "DIR",
    help: "Folder of the build (default build, or no folder with --image); an older build there is replaced only on success",
  }),
  check: switchFlag({ help: "Validate only, write nothing" }),
  changedSince: optionalFlag(text, {
    placeholder: "REF",
    help: "With --check: look only at stacks and samples that changed since a branch, tag or commit and HEAD parted, what is not committed included, and at those with such a parent",
  }),
  online: switchFlag({
    help: "Ask whether images (with the architectures declared), starter projects and samples are there; what is missing is a warning",
  }),
  warningsAsErrors: switchFlag({
    help: "Let warnings keep a build from being written, and exit with 2",
  }),
  ...repositoryFlags,
  offline: switchFlag({
    help: "Bring starter projects, parents, icons and samples into the build, so that it needs nothing outside",
  }),
  publicUrl: optionalFlag(publicUrl, {
    placeholder: "URL",
    help: "The address users will reach the registry at; an offline build points there",
  }),
  parents: optionalFlag(choice(["registry", "flatten"]), {
    placeholder: "registry|flatten",
    help: "What an offline build makes of parents: references to the public URL (default with one) or parts of the devfiles",
  }),
  alsoKnownAs: listFlag(publicUrl, {
    placeholder: "URL",
    help: "Addresses by which devfiles know this registry (default https://registry.devfile.io)",
  }),
  gitBase: optionalFlag(publicUrl, {
    placeholder: "URL",
    help: "Where clients of an offline build find the repositories of samples, each at its own path",
  }),
  image: optionalFlag(imageTarget, {
    placeholder: "IMAGE",
    help: "Make a container image that serves the build: HOST/REPOSITORY[:TAG], oci:DIR[:TAG] or docker-archive:FILE[:NAME:TAG]",
  }),
  base: optionalFlag(text, {
    placeholder: "REF|oci:DIR[:TAG]",
    help: `Base of the image (default ${DEFAULT_BASE})`,
  }),
  platform: listFlag(platform, {
    placeholder: "OS/ARCH[/VARIANT]",
    help: "Platforms of the image (default all of the base that there is an executable for; in a file this machine's)",
  }),
  binary: listFlag(text, {
    placeholder: "OS/ARCH=FILE",
    help: "The devreg executable of another platform, for the image",
  }),
  diff: optionalFlag(text, {
    placeholder: "OLD_BUILD",
    help: "Tell how the build differs from an older one, a folder or the HOST[/PREFIX] it was published to; exits with 6 where it does",
  }),
  format: valueFlag(choice(["text", "json", "github", "markdown"]), {
    placeholder: "text|json|github|markdown",
    default: "text",
    help: "Form of the report on standard output; markdown, with --diff, is a release note",
  }),
  timing: switchFlag({ help: "Say on standard error how long each phase took" }),
  ...mirrorConnectionFlags,
  destCreds: optionalFlag(text, {
    placeholder: "USER:PASSWORD",
    help: "Credentials for the registry of --image; better in the environment, where ps does not show them",
    secret: true,
  }),
};
