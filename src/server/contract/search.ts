import { type Static, Type } from "@sinclair/typebox";
import { SEARCH_RESULTS, SEARCH_RESULTS_MOST, SEARCH_TEXT_CHARS } from "../../api-limits.ts";
import { type ParsedQuery, parseQuery } from "./parse-query.ts";

const Texts = Type.Array(Type.String());

/** The parameters of GET /search. */
export const SearchQuerySchema = Type.Object({
  q: Type.Optional(
    Type.String({
      maxLength: SEARCH_TEXT_CHARS,
      description: "Words to look for; they may be begun only, or have a letter wrong",
    }),
  ),
  type: Type.Optional(
    Type.Union([Type.Literal("stack"), Type.Literal("sample"), Type.Literal("all")], {
      description: "What to look among; all unless told",
    }),
  ),
  limit: Type.Optional(
    Type.String({
      pattern: "^(?:[1-9][0-9]?|100)$",
      description: `The most results to give, up to ${SEARCH_RESULTS_MOST}; ${SEARCH_RESULTS} unless told`,
    }),
  ),
});

/** Parameters of a search that were found right. */
export type SearchQuery = Static<typeof SearchQuerySchema>;

/** One entry that a search found. */
export const SearchResultSchema = Type.Object({
  name: Type.String(),
  type: Type.Optional(Type.String()),
  displayName: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  version: Type.Optional(Type.String({ description: "The default version" })),
  projectType: Type.Optional(Type.String()),
  language: Type.Optional(Type.String()),
  provider: Type.Optional(Type.String()),
  tags: Type.Optional(Texts),
  devfile: Type.String({ description: "Address of the devfile, relative to that of the answer" }),
  score: Type.Number({ description: "The higher the better; comparable within one answer" }),
});

/** The answer of GET /search. */
export const SearchAnswerSchema = Type.Object({
  query: Type.String({ description: "What was looked for" }),
  total: Type.Integer({ description: "How many entries were found, those not given included" }),
  results: Type.Array(SearchResultSchema, { description: "The best first" }),
});

/** One of the results of {@link SearchAnswer}. */
export type SearchResult = Static<typeof SearchResultSchema>;
/** Static type of {@link SearchAnswerSchema}. */
export type SearchAnswer = Static<typeof SearchAnswerSchema>;

const RULES: Readonly<Record<keyof SearchQuery, string>> = {
  q: `it should be at most ${SEARCH_TEXT_CHARS} characters`,
  type: "it should be 'stack', 'sample' or 'all'",
  limit: `it should be a number from 1 to ${SEARCH_RESULTS_MOST}`,
};

/** Reads the parameters of a search. */
export function parseSearchQuery(query: string): ParsedQuery<SearchQuery> {
  return parseQuery(SearchQuerySchema, query, RULES);
}
