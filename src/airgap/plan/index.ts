export * from "./lock-table.ts";
export * from "./make-plan.ts";
export * from "./mirror-plan.ts";
export { isImagePattern } from "./wanted-images.ts";
