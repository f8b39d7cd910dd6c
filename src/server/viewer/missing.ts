import type { LinkTo } from "./components.ts";
import { html } from "./html.ts";
import type { Page } from "./layout.ts";

/** Makes the page for what does not exist, with what may have been meant instead. */
export function missingPage(
  root: string,
  what = "There is no such page",
  nearest: readonly LinkTo[] = [],
): Page {
  return {
    title: "Not found",
    description: "There is nothing at this address of the registry",
    status: 404,
    main: html`<div class="missing">
<p class="eyebrow">404</p>
<h1>${what}</h1>
${
  nearest.length === 0
    ? undefined
    : html`<p>Did you mean ${nearest.map(
        ({ text, href }, at) =>
          html`${at === 0 ? "" : at === nearest.length - 1 ? " or " : ", "}<a href="${href}">${text}</a>`,
      )}?</p>`
}
<p><a class="button primary" href="${root}viewer">See everything this registry has</a></p>
</div>`,
  };
}
