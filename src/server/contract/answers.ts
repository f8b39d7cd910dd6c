import { Type } from "@sinclair/typebox";

const Text = Type.String();

/** An answer whose one field says what happened. */
export const StatusSchema = Type.Object({ status: Text });

/** An answer that says what is wrong for people, too. */
export const FaultSchema = Type.Object({
  error: Type.String({ description: "What is wrong, for people" }),
  status: Text,
});

/** An answer that says something, nothing being wrong, and the one to other methods than GET. */
export const MessageSchema = Type.Object({ message: Text });

/** The answer of GET /readyz. */
export const ReadinessSchema = Type.Object({
  status: Type.Union([
    Type.Literal("ready"),
    Type.Literal("degraded"),
    Type.Literal("unavailable"),
  ]),
  reasons: Type.Array(Text, { description: "What keeps the server from being at its best" }),
  notes: Type.Optional(Type.Array(Text, { description: "Worth knowing though nothing is wrong" })),
});

const Source = Type.Object({
  url: Type.Optional(Text),
  commit_hash: Type.Optional(Text),
  commit_time: Type.Optional(Text),
});

const Look = Type.Object({
  of: Type.String({ description: "source, registry" }),
  last: Type.Optional(Type.String({ description: "When it was asked last" })),
  up_to_date: Type.Optional(
    Type.String({ description: "When what is served was last known to be as new" }),
  ),
  next: Type.Optional(
    Type.String({ description: "When it is asked next; past while that is under way" }),
  ),
});

const Update = Type.Object({
  began: Text,
  seconds: Type.Number({ description: "How long it took" }),
  asked_by: Type.Array(Text, {
    description: "start, webhook, command, poll, resync, retry, registry, folder",
  }),
  state: Type.String({ description: "updated, unchanged, refused, failed" }),
  reason: Type.Optional(Type.String({ description: "What is wrong" })),
  before: Type.Optional(Type.String({ description: "Generation served before" })),
  after: Type.Optional(Type.String({ description: "Generation served after" })),
  times: Type.Optional(
    Type.Integer({ description: "How many were alike, where there were several" }),
  ),
  first_began: Type.Optional(Type.String({ description: "When the first of those began" })),
});

/** The answer of GET /info. */
export const InfoSchema = Type.Object({
  name: Text,
  version: Type.String({ description: "Version of devreg" }),
  publicUrl: Type.Optional(Text),
  since: Type.Optional(Type.String({ description: "Since when this generation is served" })),
  sources: Type.Optional(Type.Array(Source)),
  counts: Type.Optional(Type.Record(Text, Type.Integer())),
  generation: Type.Optional(Type.String({ description: "Commit, or a name made of several" })),
  commit_hash: Type.Optional(Text),
  commit_time: Type.Optional(Text),
  last_update: Type.Optional(
    Type.Object(
      { at: Text, state: Text },
      { description: "How the newest of updates ended, and when" },
    ),
  ),
  last_change: Type.Optional(
    Type.String({ description: "When an update last changed what is served" }),
  ),
  looks: Type.Optional(Type.Array(Look, { description: "When it looks for something new" })),
  updates: Type.Optional(
    Type.Array(Update, { description: "How the last updates went, the newest first" }),
  ),
});

/** What became of a request for an update. */
export const UpdateOutcomeSchema = Type.Object({
  state: Text,
  generation: Type.Optional(Text),
  reasons: Type.Array(Text),
  changed: Type.Optional(Type.Unknown()),
});

/** Spec: distribution-spec v1.1, Error Codes. */
export const OciErrorsSchema = Type.Object({
  errors: Type.Array(
    Type.Object({
      code: Text,
      message: Type.Optional(Text),
      detail: Type.Optional(Type.Unknown()),
    }),
  ),
});

/** One page of tags. Spec: distribution-spec v1.1, Listing Tags. */
export const TagsSchema = Type.Object({ name: Text, tags: Type.Array(Text) });

/** One page of repositories. */
export const CatalogSchema = Type.Object({ repositories: Type.Array(Text) });
