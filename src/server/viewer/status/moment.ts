import { type Html, html } from "../html.ts";
import { duration } from "./ago.ts";

const SHORT_REVISION_CHARS = 12;

/** Shows a time, and where it is known what time it is how long ago that was, or will be. */
export function moment(time: Date, now: Date | undefined): Html {
  if (Number.isNaN(time.getTime())) return html`unknown`;
  const iso = time.toISOString();
  const shown = `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
  const away = now && distance(time.getTime() - now.getTime());
  return html`<time datetime="${iso}">${shown}</time>${away && html` <span class="soft whole">(${away})</span>`}`;
}

/** Shows the name of a generation; that of several commits is put together from each. */
export function revisionCode(revision: string): Html {
  const text = revision.length > 40 ? revision : revision.slice(0, SHORT_REVISION_CHARS);
  return html`<code title="${revision}">${text}</code>`;
}

function distance(ms: number): string {
  return ms > 0 ? `in ${duration(ms)}` : `${duration(-ms)} ago`;
}
