import type { AppDeps, ServerApp } from "../../deps.ts";
import { html } from "../html.ts";
import { addPage } from "../page.ts";

/** Adds /viewer: everything that the registry has, to search and to narrow down. */
export function addHomePage(app: ServerApp, deps: AppDeps): void {
  addPage(app, deps, {
    path: "/viewer",
    make: ({ generation }) => ({
      title: "",
      description: "Stacks and samples of this devfile registry",
      active: "home",
      canonical: "viewer",
      main: html`<h1>Devfile Registry</h1><ul>${generation.build.index.map(
        ({ name }) => html`<li>${name}</li>`,
      )}</ul>`,
    }),
  });
}
