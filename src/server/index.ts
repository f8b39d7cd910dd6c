export * from "./app.ts";
export * from "./closed-registry.ts";
export * from "./deps.ts";
export * from "./listen.ts";
export * from "./metrics.ts";
export * from "./rest/starter.ts";
export * from "./served.ts";
export { type Clock, createFrontedRegistry, type FrontOptions } from "./v2/index.ts";
