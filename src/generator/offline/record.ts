import { digestOf, hexOf } from "../../oci-client/index.ts";
import type { ProjectInfo } from "../build.ts";
import type { BroughtProject } from "./bring-projects.ts";

/** Records what an archive of a build was made from, so that it can be checked and made again. */
export function recordProject({ zip, provenance }: BroughtProject): ProjectInfo {
  const sha256 = hexOf(digestOf(zip));
  const { url } = provenance;
  if (provenance.kind === "zip") return { sha256, url, source_sha256: provenance.sha256 };
  return {
    sha256,
    url,
    commit_hash: provenance.commit,
    ...(provenance.submodules.length === 0
      ? {}
      : {
          submodules: provenance.submodules.map(({ path, url, commit }) => ({
            path,
            url,
            commit_hash: commit,
          })),
        }),
  };
}
