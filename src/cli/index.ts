export * from "./edge.ts";
export { EXIT, renderError } from "./report.ts";
export { run } from "./run.ts";
