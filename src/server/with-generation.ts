import type { AppDeps, ServerContext } from "./deps.ts";
import { refuse } from "./refuse.ts";
import type { PreparedGeneration } from "./served.ts";

/** Answers a request from the generation it found. */
export type GenerationHandler = (
  c: ServerContext,
  generation: PreparedGeneration,
) => Response | Promise<Response>;

/** Reads the generation once and hands it on; while there is none, says so. */
export function withGeneration(
  deps: AppDeps,
  answer: GenerationHandler,
): (c: ServerContext) => Response | Promise<Response> {
  return (c) => {
    const generation = deps.state.current();
    if (generation !== undefined) return answer(c, generation);
    return refuse(c.req.raw, c.req.path, 503, "there is no index to serve yet", {
      headers: { "retry-after": "1" },
    });
  };
}
