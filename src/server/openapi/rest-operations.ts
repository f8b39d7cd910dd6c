import {
  IndexQueryV1Schema,
  IndexQueryV2Schema,
  SchemaRangeSchema,
  SearchQuerySchema,
} from "../contract/index.ts";
import { type Answer, json, type Operation, plain } from "./operation.ts";

const NO_INDEX = json("There is no index to serve yet", "Status");
const NOT_THERE = json("There is no such thing", "Status");
const UNCHANGED = plain("The client has it already");
const WRONG = json("A parameter has a value that it cannot have", "Fault");
const INDEX: Answer = {
  description: "The entries, in the order of the index",
  content: { "text/plain": "RegistryIndex" },
  headers: {
    etag: "Changes with the content",
    "x-devfile-registry-revision": "The commit that the index was made of, where it is known",
  },
};
const INDEX_ANSWERS = { 200: INDEX, 304: UNCHANGED, 400: WRONG, 503: NO_INDEX };
const DEVFILE: Answer = {
  description: "The devfile, byte for byte",
  content: { "text/plain": null },
  headers: { "content-location": "The exact version, where the address left it open" },
};
const FILE: Answer = {
  description: "The file, or the part of it asked for",
  content: { "*/*": null },
  headers: { "content-location": "The exact version, where the address left it open" },
};
const FILE_ANSWERS = {
  200: FILE,
  206: plain("The part asked for"),
  304: UNCHANGED,
  404: NOT_THERE,
  416: plain("The file has no such part"),
  503: NO_INDEX,
};
const STARTER_ANSWERS = {
  202: { description: "The project as a zip archive", content: { "application/zip": null } },
  404: NOT_THERE,
  500: json("The project cannot be had from where it is", "Fault"),
  503: json("There is no index to serve yet, or too many projects are waited for", "Status"),
};
const DEVFILE_ANSWERS = { 200: DEVFILE, 304: UNCHANGED, 400: WRONG, 404: NOT_THERE, 503: NO_INDEX };
const STARTER =
  "Of the devfile, or of its parents and plugins where this registry has them. What the build does not hold is fetched from where the devfile says, within bounds of size and time";
const DEVFILE_ROUTE = ["/devfiles/*"];

/** The index, devfiles, files and the search. */
export const REST_OPERATIONS: readonly Operation[] = [
  {
    path: "/index",
    routes: ["/index"],
    id: "getStacks",
    tag: "Index",
    summary: "Stacks, each with the fields of its default version",
    query: IndexQueryV1Schema,
    answers: INDEX_ANSWERS,
  },
  {
    path: "/index/{type}",
    routes: ["/index/stack", "/index/sample", "/index/all"],
    id: "getEntries",
    tag: "Index",
    summary: "Entries of a kind, each with the fields of its default version",
    query: IndexQueryV1Schema,
    answers: { ...INDEX_ANSWERS, 404: NOT_THERE },
  },
  {
    path: "/v2index",
    routes: ["/v2index"],
    id: "getStacksWithVersions",
    tag: "Index",
    summary: "Stacks with all their versions",
    query: IndexQueryV2Schema,
    answers: INDEX_ANSWERS,
  },
  {
    path: "/v2index/{type}",
    routes: ["/v2index/stack", "/v2index/sample", "/v2index/all"],
    id: "getEntriesWithVersions",
    tag: "Index",
    summary: "Entries of a kind with all their versions",
    query: IndexQueryV2Schema,
    answers: { ...INDEX_ANSWERS, 404: NOT_THERE },
  },
  {
    path: "/devfiles/index.json",
    routes: ["/devfiles/index.json"],
    id: "getIndexFile",
    tag: "Index",
    summary: "The stacks of /index, where Che looks for them",
    answers: { 200: json("The stacks", "RegistryIndex"), 304: UNCHANGED, 503: NO_INDEX },
  },
  {
    path: "/devfiles/{stack}",
    routes: DEVFILE_ROUTE,
    id: "getDevfile",
    tag: "Devfiles",
    summary: "The devfile of the default version",
    query: SchemaRangeSchema,
    answers: DEVFILE_ANSWERS,
  },
  {
    path: "/devfiles/{stack}/{version}",
    routes: DEVFILE_ROUTE,
    id: "getDevfileOfVersion",
    tag: "Devfiles",
    summary: "The devfile of a version",
    description: "A name that could be a version and a file of the default version is a version",
    query: SchemaRangeSchema,
    answers: DEVFILE_ANSWERS,
  },
  {
    path: "/devfiles/{stack}/{version}/{file}",
    routes: DEVFILE_ROUTE,
    id: "getFileOfVersion",
    tag: "Files",
    summary: "A file of a version; without the version, of the default one",
    answers: FILE_ANSWERS,
  },
  {
    path: "/devfiles/{stack}/starter-projects/{project}",
    routes: DEVFILE_ROUTE,
    id: "getStarterProject",
    tag: "Devfiles",
    summary: "A starter project of the default version",
    description: STARTER,
    answers: STARTER_ANSWERS,
  },
  {
    path: "/devfiles/{stack}/{version}/starter-projects/{project}",
    routes: DEVFILE_ROUTE,
    id: "getStarterProjectOfVersion",
    tag: "Devfiles",
    summary: "A starter project of a version",
    description: STARTER,
    answers: STARTER_ANSWERS,
  },
  ...["stacks", "samples", "icons", "documents"].map(
    (folder): Operation => ({
      path: `/${folder}/{path}`,
      routes: [`/${folder}/*`],
      id: `get${folder.charAt(0).toUpperCase()}${folder.slice(1)}File`,
      tag: "Files",
      summary: `A file below ${folder}`,
      answers: FILE_ANSWERS,
    }),
  ),
  {
    path: "/search",
    routes: ["/search"],
    id: "search",
    tag: "Search",
    summary: "Stacks and samples by text, the best first",
    query: SearchQuerySchema,
    answers: {
      200: json("What was found", "SearchAnswer"),
      304: UNCHANGED,
      400: WRONG,
      503: NO_INDEX,
    },
  },
];
