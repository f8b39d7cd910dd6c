import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { UPDATE_STACK_CHARS, UPDATE_STACKS } from "../../webhook-limits.ts";

/** The body of POST /api/update in our own form. */
export const UpdateBodySchema = Type.Object(
  {
    commit: Type.Optional(Type.String({ pattern: "^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$" })),
    stacks: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: UPDATE_STACK_CHARS }), {
        maxItems: UPDATE_STACKS,
      }),
    ),
    samples: Type.Optional(Type.Boolean()),
    force: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** A body that was found right. */
export type UpdateBody = Static<typeof UpdateBodySchema>;

const RULES: Readonly<Record<keyof UpdateBody, string>> = {
  commit: "it should be a whole commit, 40 or 64 hexadecimal digits",
  stacks: `it should be a list of at most ${UPDATE_STACKS} names of stacks`,
  samples: "it should be true or false",
  force: "it should be true or false",
};

/** What came of reading a body. */
export type ParsedUpdateBody =
  | { readonly body: UpdateBody; readonly fault?: undefined }
  | { readonly body?: undefined; readonly fault: string };

/** Reads a body strictly: a key that is not known is named, not ignored. */
export function parseUpdateBody(value: unknown): ParsedUpdateBody {
  if (Value.Check(UpdateBodySchema, value)) return { body: value };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { fault: "Cannot read the request: it should be a JSON object" };
  }
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(RULES, key));
  if (unknown !== undefined) {
    const known = Object.keys(RULES).join(", ");
    return { fault: `Cannot read the request: "${unknown.slice(0, 64)}" is not one of ${known}` };
  }
  const wrong = Object.entries(RULES).find(([key]) => {
    const field = UpdateBodySchema.properties[key as keyof UpdateBody];
    return Object.hasOwn(value, key) && !Value.Check(field, Reflect.get(value, key));
  });
  return { fault: `Cannot read "${wrong?.[0]}": ${wrong?.[1]}` };
}
