import type { TObject } from "@sinclair/typebox";
import { addressIn, type Site } from "../site/index.ts";
import { type Answer, type Operation, PATH_PARAMETERS } from "./operation.ts";
import { OTHER_OPERATIONS } from "./other-operations.ts";
import { REST_OPERATIONS } from "./rest-operations.ts";
import { namedSchemas, plainOf } from "./schemas.ts";
import { VIEWER_OPERATIONS } from "./viewer-operations.ts";

const WITHOUT_VIEWER: readonly Operation[] = [...REST_OPERATIONS, ...OTHER_OPERATIONS];

/** Everything that the server does, in the order of the document; pages for people are not listed. */
export const OPERATIONS: readonly Operation[] = [...WITHOUT_VIEWER, ...VIEWER_OPERATIONS];

/** A JSON object. */
type Json = Readonly<Record<string, unknown>>;

/** What the document says of the server itself. */
export interface Described {
  /** Name of the registry. */
  readonly name: string;
  /** Version of devreg. */
  readonly version: string;
  /** Without the viewer. */
  readonly headless?: boolean;
}

const DESCRIPTION = `Devfile registry: an index of stacks and samples, their devfiles and files, and a read-only OCI registry.

HEAD and OPTIONS are answered wherever GET is, other methods with 405. Whoever asks while there is too much to do is answered 503 with Retry-After. Unknown parameters are ignored, as are empty ones; of a repeated parameter that is no list the first counts. /health, /readyz and /v2 answer at the root whatever the base path is.`;

/** Describes the server for clients that reach it at a site. Spec: OpenAPI 3.1. */
export function describeServer(site: Site, { name, version, headless }: Described): Json {
  const operations = headless === true ? WITHOUT_VIEWER : OPERATIONS;
  return {
    openapi: "3.1.0",
    info: {
      title: name,
      version,
      description: DESCRIPTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: addressIn(site, "").replace(/\/$/, "") }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((tag) => ({ name: tag })),
    paths: describePaths(site, operations),
    components: {
      schemas: namedSchemas(),
      securitySchemes: {
        signature: { type: "apiKey", in: "header", name: "X-Devreg-Signature-256" },
      },
    },
  };
}

function describePaths({ origin, base }: Site, operations: readonly Operation[]): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const { path, method = "get" } = operation;
    const item = paths[path] ?? pathItem(path, origin, base);
    item[method] = describeOperation(operation);
    paths[path] = item;
  }
  return paths;
}

/** What stays at the root has another server below a base path. */
function pathItem(path: string, origin: string, base: string): Record<string, unknown> {
  const atRoot = /^\/(?:health|readyz|v2)(?:\/|$)/.test(path);
  return atRoot && base !== "" ? { servers: [{ url: origin }] } : {};
}

function describeOperation(operation: Operation): Json {
  const { path, id, tag, summary, description, query, body, secret, answers } = operation;
  const parameters = [...pathParameters(path), ...(query === undefined ? [] : parametersOf(query))];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": schemaOf(body) } } }),
    ...(secret === true ? { security: [{ signature: [] }] } : {}),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer)]),
    ),
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    description: PATH_PARAMETERS[name],
    schema: { type: "string" },
  }));
}

function parametersOf(query: TObject): Json[] {
  return Object.entries(query.properties).map(([name, field]) => {
    const { description, ...schema } = field;
    return {
      name,
      in: "query",
      ...(description === undefined ? {} : { description }),
      schema: plainOf(schema),
      ...(field["type"] === "array" ? { style: "form", explode: true } : {}),
    };
  });
}

function describeAnswer({ description, content, headers }: Answer): Json {
  return {
    description,
    ...(headers === undefined
      ? {}
      : { headers: mapValues(headers, (text) => ({ description: text, ...TEXT })) }),
    ...(content === undefined ? {} : { content: mapValues(content, schemaOf) }),
  };
}

const TEXT = { schema: { type: "string" } };

function schemaOf(name: string | null): Json {
  return name === null ? {} : { schema: { $ref: `#/components/schemas/${name}` } };
}

function mapValues<Value>(
  object: Readonly<Record<string, Value>>,
  make: (value: Value) => unknown,
): Json {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, make(value)]));
}
