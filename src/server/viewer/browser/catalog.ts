import { offerCopies } from "./copy.ts";

/** How long typing must pause before the server is asked. */
const PAUSE_MS = 120;

/** Searches while the visitor types and chooses; the address of the page says what is shown. */
export function searchAsTyped(): void {
  const form = document.querySelector<HTMLFormElement>("form#catalog");
  if (form === null) return;
  const page = new CatalogPage(form);
  let timer: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("input", (event) => {
    if (!isField(event.target, form)) return;
    clearTimeout(timer);
    const typed = event.target.type === "search";
    const keep = typed ? "replace" : "push";
    timer = setTimeout(() => void page.show(page.wanted(), keep), typed ? PAUSE_MS : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    void page.show(page.wanted(), "push");
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || !page.isPart(link) || !isPlain(event)) return;
    event.preventDefault();
    void page.show(link.href, "push", link.closest(".pages") !== null);
  });
  // A key alone would be taken from those who speak to their computer.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "k" || event.altKey || event.shiftKey) return;
    if (event.ctrlKey === event.metaKey) return;
    event.preventDefault();
    document.querySelector<HTMLInputElement>("#search")?.select();
  });
  // A jump to a part of the page comes here as well, and changes nothing.
  window.addEventListener("popstate", () => {
    if (location.search !== page.shown) void page.show(location.href, "none");
  });
}

/** What becomes of the address before: one can come back to it, or it was only on the way. */
type Keep = "push" | "replace" | "none";

/** The page of the catalog and what is under way on it. */
class CatalogPage {
  /** The query whose results are on the page. */
  shown: string = location.search;
  readonly #form: HTMLFormElement;
  #asking: AbortController | undefined;

  constructor(form: HTMLFormElement) {
    this.#form = form;
  }

  /** Gives the address of what the fields ask for. */
  wanted(): string {
    const address = new URL(this.#form.action);
    for (const [name, value] of new FormData(this.#form)) {
      if (typeof value === "string" && value !== "") address.searchParams.append(name, value);
    }
    return address.href;
  }

  /** Tells whether a link only changes what is shown. */
  isPart(link: HTMLAnchorElement): boolean {
    return link.closest("#results") !== null && link.closest(".card") === null;
  }

  /** Shows an address in place of what is shown; only what came last counts. */
  async show(address: string, keep: Keep, up = false): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const results = document.getElementById("results");
    results?.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      if (asking.signal.aborted) return;
      swap(new DOMParser().parseFromString(text, "text/html"), keep === "none");
      if (keep === "replace") history.replaceState(null, "", address);
      if (keep === "push") history.pushState(null, "", address);
      this.shown = new URL(address).search;
      if (up) document.getElementById("results")?.scrollIntoView();
    } catch {
      if (asking.signal.aborted) return;
      location.assign(address);
    }
  }
}

/** Puts the results and facets of another page in place; what was unfolded and focused stays so. */
function swap(page: Document, back: boolean): void {
  const focused = document.activeElement?.id ?? "";
  const search = document.querySelector<HTMLInputElement>("#search");
  const wanted = page.querySelector<HTMLInputElement>("#search");
  const refill = back || focused !== "search";
  if (search !== null && wanted !== null && refill) search.value = wanted.value;
  for (const [id, put] of [
    ["filters", putFilters],
    ["results", putResults],
  ] as const) {
    const [before, after] = [document.getElementById(id), page.getElementById(id)];
    if (before !== null && after !== null) put(before, after);
  }
  const again = focused === "" ? null : document.getElementById(focused);
  if (again !== null && again !== document.activeElement) again.focus({ preventScroll: true });
  for (const choice of document.querySelectorAll<HTMLAnchorElement>("a[data-theme-choice]")) {
    const same = page.querySelector(`a[data-theme-choice="${choice.dataset["themeChoice"]}"]`);
    choice.setAttribute("href", same?.getAttribute("href") ?? choice.href);
  }
  offerCopies(document);
}

function putFilters(before: HTMLElement, after: HTMLElement): void {
  const open = new Set([...document.querySelectorAll("details[open]")].map(({ id }) => id));
  for (const details of after.querySelectorAll("details")) details.open = open.has(details.id);
  if (after instanceof HTMLDetailsElement) after.open = open.has(after.id);
  before.replaceWith(after);
}

/** The count never leaves the page, else its change is not read out. */
function putResults(before: HTMLElement, after: HTMLElement): void {
  keepCards(before, after);
  const [bar, newBar] = [before.querySelector(".toolbar"), after.querySelector(".toolbar")];
  const [count, newCount] = [bar?.querySelector("#count"), newBar?.querySelector("#count")];
  if (!bar || !newBar || !count || !newCount) {
    before.replaceWith(after);
    return;
  }
  bar.querySelector(".sort")?.replaceWith(...newBar.querySelectorAll(".sort"));
  while (bar.nextSibling !== null) bar.nextSibling.remove();
  while (newBar.nextSibling !== null) before.append(newBar.nextSibling);
  before.removeAttribute("aria-busy");
  if (count.textContent !== newCount.textContent) count.textContent = newCount.textContent;
}

/** What is shown already stays the same element: pictures that are drawn anew would flicker. */
function keepCards(before: Element, after: Element): void {
  const shown = new Map(
    [...before.querySelectorAll(".card")].map((each) => [each.outerHTML, each]),
  );
  for (const each of after.querySelectorAll(".card")) {
    const same = shown.get(each.outerHTML);
    if (same !== undefined) each.replaceWith(same);
  }
}

function isField(target: EventTarget | null, form: HTMLFormElement): target is HTMLInputElement {
  const field = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  return field && target.form === form;
}

function isPlain(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
