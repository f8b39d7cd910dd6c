import { say } from "./say.ts";

const EVERY_MS = 15_000;
/** About an hour; who looks longer may load the page again. */
const TIMES = 240;

/** Puts the status anew from time to time, while somebody looks at it. */
export function refreshStatus(): void {
  if (document.getElementById("status") === null) return;
  let times = 0;
  const timer = setInterval(() => {
    if (document.visibilityState !== "visible") return;
    times += 1;
    if (times >= TIMES) clearInterval(timer);
    void refresh();
  }, EVERY_MS);
}

async function refresh(): Promise<void> {
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [before, after] = [document.getElementById("status"), page.getElementById("status")];
    // Nothing is taken from under who is in it.
    if (before === null || after === null || before.contains(document.activeElement)) return;
    if (before.innerHTML === after.innerHTML) return;
    before.replaceWith(after);
    const text = after.querySelector(".health")?.textContent?.trim() ?? "";
    if (before.dataset["state"] !== after.dataset["state"]) say(text);
  } catch {
    // The next time may do better, and what is shown stays.
  }
}
