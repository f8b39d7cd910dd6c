import { html } from "./html.ts";
import type { Frame, Page } from "./layout.ts";

/** Makes the page that stands for all others while there is nothing to serve. */
export function waitingPage({ root, self }: Pick<Frame, "root" | "self">): Page {
  return {
    title: "Nothing to serve yet",
    description: "This registry has nothing to serve yet",
    status: 503,
    main: html`<div class="missing" id="waiting">
<p class="eyebrow">503</p>
<h1>Nothing to serve yet</h1>
<p class="lead">This registry has just started, or what it serves cannot be reached. This page is here as soon as there is something to show.</p>
<p class="actions"><a class="button primary" href="${self}">Look again</a> <a class="button" href="${root}viewer/status">See the status</a></p>
</div>`,
  };
}
