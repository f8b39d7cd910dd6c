export * from "./edge.ts";
export { EXIT, renderError } from "./report.ts";
export { COMMANDS, run } from "./run.ts";
