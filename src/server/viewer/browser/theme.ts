const YEAR_S = 31_536_000;

/** Changes the theme at once where a choice of it is clicked, and remembers it as the server does. */
export function chooseThemes(): void {
  const choices = [...document.querySelectorAll<HTMLAnchorElement>("a[data-theme-choice]")];
  for (const choice of choices) {
    choice.addEventListener("click", (event) => {
      event.preventDefault();
      apply(choice.dataset["themeChoice"] ?? "system");
      for (const each of choices) each.removeAttribute("aria-current");
      choice.setAttribute("aria-current", "true");
    });
  }
}

function apply(theme: string): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset["theme"];
  else dataset["theme"] = theme;
  const lifeS = theme === "system" ? 0 : YEAR_S;
  // biome-ignore lint/suspicious/noDocumentCookie: the other way is not there without TLS
  document.cookie = `devreg-theme=${theme}; Path=/; Max-Age=${lifeS}; SameSite=Lax`;
}
