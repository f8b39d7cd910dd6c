import type { Issue, Rule } from "../rule.ts";
import type { DevfileContent } from "./content.ts";
import { childOf } from "./placed-text.ts";
import { type GitSource, type Project, readGitSource } from "./project.ts";
import { suggestName } from "./suggest.ts";

/** A git source and what is to be cloned from it. */
interface Source {
  readonly git: GitSource;
  /** Projects may have several remotes; starter projects and images have one. */
  readonly several: boolean;
  /** Parity: the library does not look at dependent projects. */
  readonly severity: Issue["severity"];
}

/**
 * Parity: ValidateProjects, ValidateStarterProjects and validateSingleRemoteGitSrc in
 * validation/projects.go of devfile/api, the last for the Dockerfiles of images, too.
 */
const remotes: Rule<DevfileContent> = {
  name: "project-remotes",
  *check(content) {
    for (const { git, several, severity } of sourcesOf(content)) {
      const { size } = git.remotes;
      if (size === 1 || (several && size > 1)) continue;
      yield {
        severity,
        at: git.node.get("remotes").position(),
        message:
          size === 0 ? "there is no remote" : `there are ${size} remotes where one is needed`,
        hint: size === 0 ? "Add one, such as origin: https://…" : "Keep the one to clone",
      };
    }
  },
};

/** Parity: ValidateProjects and validateRemoteMap in validation/projects.go of devfile/api. */
const checkout: Rule<DevfileContent> = {
  name: "project-checkout",
  *check(content) {
    for (const { git, several, severity } of sourcesOf(content)) {
      const { checkoutRemote: remote, remotes: names } = git;
      // How many there are is what the rule above is about.
      if (names.size === 0 || (names.size > 1 && !several)) continue;
      if (remote !== undefined && !names.has(remote.text)) {
        yield {
          severity,
          at: remote.node.position(),
          message: `the remote "${remote.text}" is unknown`,
          hint: suggestName(remote.text, names) ?? "Add it to remotes",
        };
      }
      if (remote !== undefined || names.size === 1) continue;
      yield {
        severity,
        at: git.node.get("checkoutFrom").get("remote").position(),
        message: `nothing says which of the ${names.size} remotes to check out from`,
        hint: "Add checkoutFrom with remote: and one of their names",
      };
    }
  },
};

/** Rules on the git sources of projects and images. */
export const projectRules: readonly Rule<DevfileContent>[] = [remotes, checkout];

function sourcesOf(content: DevfileContent): readonly Source[] {
  const images = content.components.flatMap(({ kind, body }) => {
    const git = kind === "image" ? childOf(childOf(body, "dockerfile"), "git") : undefined;
    // Parity: variables are filled into a git source only where there is no uri.
    return readGitSource(git, content.variables) ?? [];
  });
  return [
    ...gitSources(content.projects, { several: true, severity: "error" }),
    ...gitSources(content.starterProjects, { several: false, severity: "error" }),
    ...gitSources(content.dependentProjects, { several: true, severity: "warning" }),
    ...images.map((git): Source => ({ git, several: false, severity: "error" })),
  ];
}

function gitSources(projects: readonly Project[], about: Omit<Source, "git">): readonly Source[] {
  return projects.flatMap(({ git }) => (git === undefined ? [] : { git, ...about }));
}
