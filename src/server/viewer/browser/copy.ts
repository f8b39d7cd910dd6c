import { say } from "./say.ts";

const DONE_MS = 1600;

/** Shows the buttons that copy, and lets them; call again for what came into the page later. */
export function offerCopies(within: ParentNode): void {
  for (const button of within.querySelectorAll<HTMLButtonElement>("button.copy[hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => void copy(button));
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const { copy: text, copyFrom } = button.dataset;
  const from = copyFrom === undefined ? null : document.getElementById(copyFrom);
  const words = button.querySelector("span");
  const before = words?.textContent ?? "";
  const done = await write(text ?? from?.textContent ?? "");
  const told = done ? "Copied" : "Select the text to copy it";
  say(told);
  // Asked for again while it still says so, it would keep those words.
  if (words === null || button.classList.contains("done")) return;
  words.textContent = done ? "Copied" : before;
  button.classList.toggle("done", done);
  setTimeout(() => {
    words.textContent = before;
    button.classList.remove("done");
  }, DONE_MS);
}

/** Pages without TLS have no clipboard of the new kind; the old way needs a selection. */
async function write(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
