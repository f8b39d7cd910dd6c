import { repositoryAddress } from "../../generator/index.ts";
import type { ForgePush } from "./forge-push.ts";
import type { UpdateSource } from "./update-port.ts";

/** What a push means for the sources of this server. */
export type ChosenSource =
  | { readonly kind: "source"; readonly source: UpdateSource }
  | { readonly kind: "other-repository"; readonly reason: string }
  | { readonly kind: "other-reference"; readonly reason: string };

/** Finds the source that a push was made to: its repository, and the reference that is followed. */
export function chooseSource(push: ForgePush, sources: readonly UpdateSource[]): ChosenSource {
  const pushed = push.addresses.flatMap((address) => repositoryAddress(address) ?? []);
  const same = sources.filter(({ url }) => pushed.includes(repositoryAddress(url) ?? ""));
  if (same.length === 0) {
    const [shown = "no repository"] = pushed;
    return {
      kind: "other-repository",
      reason: `the push was made to ${shown}, which is no source of this server (${list(sources)})`,
    };
  }
  const source = same.find(({ ref }) => isFollowed(push, ref));
  if (source !== undefined) return { kind: "source", source };
  const followed = same.map(({ ref }) => ref ?? push.defaultBranch ?? "the default branch");
  return {
    kind: "other-reference",
    reason: `the push was made to ${push.ref}; what is followed is ${followed.join(", ")}`,
  };
}

/** Parity: git completes the name of a reference by the same prefixes. */
function isFollowed({ ref: pushed, defaultBranch }: ForgePush, ref: string | undefined): boolean {
  if (ref === undefined || ref === "HEAD") return pushed === `refs/heads/${defaultBranch}`;
  return [ref, `refs/${ref}`, `refs/tags/${ref}`, `refs/heads/${ref}`].includes(pushed);
}

function list(sources: readonly UpdateSource[]): string {
  const shown = sources.map(({ url }) => repositoryAddress(url) ?? "a folder");
  return shown.length === 0 ? "it has none" : shown.join(", ");
}
