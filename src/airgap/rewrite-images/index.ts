export type { ImageNaming, Pin } from "./new-reference.ts";
export { newReference } from "./new-reference.ts";
export * from "./rewrite-images.ts";
