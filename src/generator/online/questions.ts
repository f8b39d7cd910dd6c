import { textOf } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import type { GitProjectSource } from "../fetch/index.ts";
import { gitProjectOf } from "../git-project.ts";
import type { NamedImage } from "../named-images.ts";
import type { Extra, Repository, SampleVersion, StackVersion } from "../repository.ts";
import { findStarterSources, type StarterSource } from "../rewrite/index.ts";
import type { Place } from "../validate/index.ts";

/** Something that a registry repository points at outside of it. */
export type Question =
  | {
      readonly kind: "image";
      readonly at: Place;
      readonly image: string;
      /** Architectures that are declared of what it is for. */
      readonly architectures: readonly string[];
    }
  | { readonly kind: "git"; readonly at: Place; readonly source: GitProjectSource }
  | { readonly kind: "zip"; readonly at: Place; readonly url: URL };

/** Gathers what devfiles and entries point at; what cannot be an address is the business of rules. */
export function questionsOf(repository: Repository, images: readonly NamedImage[]): Question[] {
  const versions = [
    ...repository.stacks.flatMap((stack) => stack.versions),
    ...repository.extras.flatMap(({ samples }) => samples),
  ];
  return [
    ...images.map(({ at, image, version }): Question => {
      return { kind: "image", at, image, architectures: architecturesOf(version) };
    }),
    ...versions.flatMap(starterQuestions),
    ...repository.extras.flatMap(sampleQuestions),
  ];
}

function architecturesOf(version: StackVersion | SampleVersion): readonly string[] {
  const own = "extra" in version ? version.extra?.fields.architectures : undefined;
  return own ?? version.devfile?.contents?.fields.architectures ?? [];
}

function starterQuestions({ devfile }: StackVersion | SampleVersion): Question[] {
  if (devfile?.contents === undefined) return [];
  const { path: file } = devfile;
  return readStarters(textOf(devfile.bytes), file).flatMap((starter): Question[] => {
    const { path, line, column, git, zip } = starter;
    const at = {
      ...{ file, path },
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    };
    if (git !== undefined) return [{ kind: "git", at, source: { kind: "git", ...git } }];
    const url = zip === undefined ? null : URL.parse(zip);
    const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
    return url !== null && isWeb ? [{ kind: "zip", at, url }] : [];
  });
}

/** What is no devfile was reported when it was read. */
function readStarters(text: string, file: string): readonly StarterSource[] {
  try {
    return findStarterSources(text, file);
  } catch (error) {
    if (error instanceof DevregError && error.code === "INPUT_INVALID") return [];
    throw error;
  }
}

function sampleQuestions({ entry }: Extra): Question[] {
  const holders = [
    { git: entry.fields.git, node: entry.node },
    ...entry.versions.map(({ fields, node }) => ({ git: fields.git, node })),
  ];
  return holders.flatMap(({ git, node }): Question[] =>
    git === undefined
      ? []
      : [{ kind: "git", at: node.get("git").position(), source: gitProjectOf(git) }],
  );
}
