export * from "./make-offline.ts";
