import type { Rule } from "../rule.ts";
import type { DevfileSubject } from "./subject.ts";

export type { DevfileSubject } from "./subject.ts";

/** Rules for what a devfile means, beyond the shape that its schema gives. */
export const devfileMeaningRules: readonly Rule<DevfileSubject>[] = [];
