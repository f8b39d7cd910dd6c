export type { VerifyOptions } from "./check-run.ts";
export {
  VERIFY_LEVELS,
  type Verification,
  type VerifyLevel,
  type VerifyProblem,
} from "./verification.ts";
export { verifyBundle } from "./verify-bundle.ts";
export { verifyImages } from "./verify-images.ts";
export { type VerifiedTarget, verifyTarget } from "./verify-target.ts";
