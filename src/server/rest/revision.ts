import { describeGeneration } from "../generation-facts.ts";
import type { PreparedGeneration } from "../served.ts";

const REVISION = "x-devfile-registry-revision";

/**
 * Names in an answer the commit that it comes from, where one is known. An answer that says "not
 * modified" has it too.
 */
export function withRevision({ build }: PreparedGeneration, answer: Response): Response {
  const { revision } = describeGeneration(build);
  if (revision === undefined) return answer;
  answer.headers.set(REVISION, revision);
  return answer;
}
