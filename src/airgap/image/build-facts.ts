import { type Build, publicAddress } from "../../generator/index.ts";
import {
  ANNOTATION_REVISION,
  ANNOTATION_SOURCE,
  ANNOTATION_TITLE,
} from "../../oci-client/index.ts";

/** What an image says of the build in it; it follows from the build alone. */
export interface BuildFacts {
  /** The date of the image, RFC 3339 in UTC: the newest commit of the build, or 1970. */
  readonly created: string;
  /** The same in seconds; the date of its files. */
  readonly modified: number;
  /** Labels of the config and annotations of manifests, of {@link FACT_NAMES} those that are known. */
  readonly labels: Readonly<Record<string, string>>;
}

const ANNOTATION_VERSION = "org.opencontainers.image.version";

/** The labels and annotations that speak of what is in an image: those of a base do not count. */
export const FACT_NAMES: readonly string[] = [
  ANNOTATION_TITLE,
  ANNOTATION_VERSION,
  ANNOTATION_REVISION,
  ANNOTATION_SOURCE,
  "org.opencontainers.image.created",
  "org.opencontainers.image.description",
  "org.opencontainers.image.url",
  "org.opencontainers.image.documentation",
  "org.opencontainers.image.ref.name",
];

const TITLE = "Devfile registry";

/** Gives what an image says of a build. */
export function factsOf({ info }: Build): BuildFacts {
  const modified = secondsOf(info?.commit_time);
  const [only, ...others] = info?.sources ?? [];
  const source = others.length > 0 ? undefined : only;
  const address = publicAddress(source?.url);
  const revision = source?.commit_hash;
  return {
    created: new Date(modified * 1000).toISOString().replace(".000Z", "Z"),
    modified,
    labels: {
      [ANNOTATION_TITLE]: TITLE,
      ...(info === undefined ? {} : { [ANNOTATION_VERSION]: info.tool.version }),
      ...(revision === undefined ? {} : { [ANNOTATION_REVISION]: revision }),
      ...(address === undefined ? {} : { [ANNOTATION_SOURCE]: address }),
    },
  };
}

/** The end of what a tar header holds in eleven octal digits. */
const MODIFIED_MAX = 8 ** 11 - 1;

function secondsOf(time: string | undefined): number {
  const seconds = Math.floor(Date.parse(time ?? "") / 1000);
  return seconds > 0 && seconds <= MODIFIED_MAX ? seconds : 0;
}
