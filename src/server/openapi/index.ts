export { describeServer, OPERATIONS } from "./document.ts";
export { addOpenApiRoute } from "./routes.ts";
