export * from "./build.ts";
export * from "./index-schema.ts";
export * from "./memory-build.ts";
export * from "./ordering.ts";
export * from "./package-stack.ts";
