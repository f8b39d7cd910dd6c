import { type Answer, json, type Operation, plain } from "./operation.ts";

const UNCHANGED = plain("The client has it already");
const NO_INDEX = json("There is no index to serve yet", "Status");
const NO_HOST = json("The Host of the request is none", "Status");
const PICTURE: Answer = { description: "The picture", content: { "image/svg+xml": null } };
const BADGE_ANSWERS = {
  200: PICTURE,
  304: UNCHANGED,
  404: json("There is no such stack, sample or version", "Status"),
  503: NO_INDEX,
};
const BADGES = ["/badges/*"];

/** What belongs to the viewer and is no page: none of it is there where the viewer is off. */
export const VIEWER_OPERATIONS: readonly Operation[] = [
  {
    path: "/badges/{stack}.svg",
    routes: BADGES,
    id: "getBadge",
    tag: "Viewer",
    summary: "A badge with the default version of a stack or sample, for pages elsewhere",
    answers: BADGE_ANSWERS,
  },
  {
    path: "/badges/{stack}/{version}.svg",
    routes: BADGES,
    id: "getBadgeOfVersion",
    tag: "Viewer",
    summary: "A badge with a version",
    answers: BADGE_ANSWERS,
  },
  {
    path: "/viewer/icons/{icon}",
    routes: ["/viewer/icons/:name"],
    id: "getIcon",
    tag: "Viewer",
    summary: "An icon that the index holds as a data address, as pages show it",
    answers: {
      200: { description: "The picture", content: { "image/*": null } },
      304: UNCHANGED,
      404: plain("There is no such icon"),
    },
  },
  {
    path: "/favicon.svg",
    routes: ["/favicon.svg"],
    id: "getMark",
    tag: "Viewer",
    summary: "The mark of the viewer",
    answers: { 200: PICTURE, 304: UNCHANGED },
  },
  {
    path: "/favicon.ico",
    routes: ["/favicon.ico"],
    id: "getMarkAsIcon",
    tag: "Viewer",
    summary: "The mark of the viewer, for browsers that ask for nothing else",
    answers: {
      200: { description: "The picture", content: { "image/x-icon": null } },
      304: UNCHANGED,
    },
  },
  {
    path: "/robots.txt",
    routes: ["/robots.txt"],
    id: "getRobots",
    tag: "Viewer",
    summary: "What search engines may look at",
    answers: {
      200: { description: "The rules", content: { "text/plain": null } },
      304: UNCHANGED,
      400: NO_HOST,
    },
  },
  {
    path: "/sitemap.xml",
    routes: ["/sitemap.xml"],
    id: "getSitemap",
    tag: "Viewer",
    summary: "The pages of the viewer",
    answers: {
      200: { description: "Their addresses", content: { "application/xml": null } },
      304: UNCHANGED,
      400: NO_HOST,
      503: NO_INDEX,
    },
  },
];
