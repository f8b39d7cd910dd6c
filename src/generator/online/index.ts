export * from "./check-online.ts";
export * from "./outside.ts";
