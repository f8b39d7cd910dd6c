import { ArtifactQuerySchema } from "../artifacts/index.ts";
import { type Answer, json, type Operation, plain } from "./operation.ts";

const OCI_ERROR = (description: string) => json(description, "OciErrors");
const DIGEST_HEADERS = { "docker-content-digest": "Digest of the content" };
const CONTENT = (description: string): Answer => ({
  description,
  content: { "*/*": null },
  headers: DIGEST_HEADERS,
});
const V2 = ["/v2/*"];
const PULL_ERRORS = {
  400: OCI_ERROR("The address is malformed"),
  404: OCI_ERROR("There is no such content"),
  503: OCI_ERROR("There is nothing to serve yet, or the registry behind is away"),
};

/** The state of the server, requests for updates, and the OCI registry. */
export const OTHER_OPERATIONS: readonly Operation[] = [
  {
    path: "/",
    routes: ["/"],
    id: "getRoot",
    tag: "State",
    summary: "Leads browsers to the viewer and everybody else to the index",
    answers: { 302: plain("Where to go") },
  },
  {
    path: "/health",
    routes: ["/health"],
    id: "getHealth",
    tag: "State",
    summary: "Whether the server is up",
    answers: { 200: json("It is", "Message") },
  },
  {
    path: "/readyz",
    routes: ["/readyz"],
    id: "getReadiness",
    tag: "State",
    summary: "Whether there is an index to serve, and what is wrong",
    answers: {
      200: json("There is", "Readiness"),
      503: json("There is none yet", "Readiness"),
    },
  },
  {
    path: "/info",
    routes: ["/info"],
    id: "getInfo",
    tag: "State",
    summary: "What is served and where it comes from",
    answers: { 200: json("What is known", "Info") },
  },
  {
    path: "/openapi.json",
    routes: ["/openapi.json"],
    id: "getDescription",
    tag: "State",
    summary: "This document",
    answers: {
      200: { description: "It", content: { "application/json": null } },
      400: json("The Host of the request is none", "Status"),
    },
  },
  {
    path: "/api/update",
    method: "post",
    routes: ["/api/update"],
    id: "requestUpdate",
    tag: "Updates",
    summary: "Brings what was merged into the sources",
    description:
      "Exists where the server has a source and a secret. Notifications of forges are taken too",
    body: "UpdateBody",
    secret: true,
    answers: {
      200: json("What came of it", "UpdateOutcome"),
      202: json("It is under way", "UpdateOutcome"),
      400: json("The request cannot be read", "Status"),
      401: json("The signature is missing or wrong", "Status"),
      409: json("It was refused", "UpdateOutcome"),
      422: json("What is in the sources cannot be served", "UpdateOutcome"),
      429: json("There were too many requests", "Status"),
      502: json("A source cannot be read", "UpdateOutcome"),
      503: json("It failed, or too many wait", "UpdateOutcome"),
    },
  },
  {
    path: "/v2/",
    routes: ["/v2", ...V2],
    id: "getVersionOfRegistry",
    tag: "Registry",
    summary: "Tells that this is an OCI registry",
    answers: { 200: plain("It is") },
  },
  {
    path: "/v2/_catalog",
    routes: V2,
    id: "listRepositories",
    tag: "Registry",
    summary: "Names of repositories, page by page (n, last)",
    answers: { 200: json("One page", "Catalog"), ...PULL_ERRORS },
  },
  {
    path: "/artifacts",
    routes: ["/artifacts"],
    id: "listArtifacts",
    tag: "Registry",
    summary: "What the registry holds, of which types, and how to use and scan it",
    description: "In front of a registry it lists what that one tells to everybody",
    query: ArtifactQuerySchema,
    answers: {
      200: json("One page", "ArtifactListing"),
      304: plain("The client has it already"),
      400: json("A parameter has a value that it cannot have, or the Host is none", "Fault"),
      503: json("There is no index to serve yet", "Status"),
    },
  },
  {
    path: "/v2/{name}/tags/list",
    routes: V2,
    id: "listTags",
    tag: "Registry",
    summary: "Tags of a repository, page by page (n, last)",
    answers: { 200: json("One page", "Tags"), ...PULL_ERRORS },
  },
  {
    path: "/v2/{name}/manifests/{reference}",
    routes: V2,
    id: "getManifest",
    tag: "Registry",
    summary: "A manifest",
    answers: { 200: CONTENT("The manifest"), ...PULL_ERRORS },
  },
  {
    path: "/v2/{name}/blobs/{digest}",
    routes: V2,
    id: "getBlob",
    tag: "Registry",
    summary: "A blob, or a part of it",
    answers: {
      200: CONTENT("The blob"),
      206: plain("The part asked for"),
      416: plain("The blob has no such part"),
      ...PULL_ERRORS,
    },
  },
  {
    path: "/v2/{name}/referrers/{digest}",
    routes: V2,
    id: "listReferrers",
    tag: "Registry",
    summary: "What refers to a manifest, of one kind with artifactType",
    answers: {
      200: {
        description: "An image index",
        content: { "application/vnd.oci.image.index.v1+json": null },
      },
      ...PULL_ERRORS,
    },
  },
];
