export * from "./make-plan.ts";
export * from "./mirror-plan.ts";
export { isImagePattern } from "./wanted-images.ts";
