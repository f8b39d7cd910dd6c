export * from "./sender.ts";
export * from "./telemetry.ts";
export * from "./track.ts";
