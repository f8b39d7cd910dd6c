/** How far down the window a section must have come to be the one that is read. */
const READ_AT = 0.3;

/** Marks in the links to the sections of a page the one that the visitor is in. */
export function markSection(): void {
  const list = document.querySelector<HTMLElement>("#jumps ul");
  const links = [...document.querySelectorAll<HTMLAnchorElement>("#jumps a")];
  if (list === null || links.length === 0) return;
  let waiting = false;
  const mark = () => {
    waiting = false;
    const current = currentOf(links);
    for (const link of links) {
      if (link !== current) link.removeAttribute("aria-current");
    }
    if (current === undefined || current.hasAttribute("aria-current")) return;
    current.setAttribute("aria-current", "location");
    list.scrollLeft = current.offsetLeft - list.offsetLeft - list.clientWidth / 3;
  };
  const wait = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(mark);
  };
  window.addEventListener("scroll", wait, { passive: true });
  window.addEventListener("resize", wait, { passive: true });
  mark();
}

/** The last one whose section has begun; at the end of the page the last one of all. */
function currentOf(links: readonly HTMLAnchorElement[]): HTMLAnchorElement | undefined {
  const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
  if (scrollTop > 0 && scrollTop + clientHeight >= scrollHeight - 2) return links.at(-1);
  const line = clientHeight * READ_AT;
  return links.findLast((link) => {
    const section = document.getElementById(link.hash.slice(1));
    return section !== null && section.getBoundingClientRect().top <= line;
  });
}
