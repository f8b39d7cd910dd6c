export * from "./discover-images.ts";
export * from "./discovery.ts";
export * from "./mirror-rules.ts";
