const EVERY_MS = 5_000;

/** Loads the page again while there is nothing to serve and somebody looks at it. */
export function waitForContent(): void {
  if (document.getElementById("waiting") === null) return;
  setInterval(() => {
    if (document.visibilityState === "visible") location.reload();
  }, EVERY_MS);
}
