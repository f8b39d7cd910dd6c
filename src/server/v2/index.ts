export type { Clock } from "./circuit.ts";
export * from "./failure.ts";
export * from "./fronted-registry.ts";
export * from "./routes.ts";
