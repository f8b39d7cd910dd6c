import type { Devfile } from "../../devfile-yaml.ts";
import type { YamlNode } from "../../yaml/index.ts";

/** A devfile as the rules on its meaning see it. */
export interface DevfileSubject {
  readonly devfile: Devfile;
  /** The root of what the rules read: the devfile's own, or the flattened one if it has imports. */
  readonly content: YamlNode;
}
