/** How pages are coloured; "system" is as the visitor's system wishes. */
export type Theme = "system" | "light" | "dark";

/** All themes, in the order in which they are offered. */
export const THEMES: readonly Theme[] = ["system", "light", "dark"];

const COOKIE = "devreg-theme";
const YEAR_S = 31_536_000;

/** Reads the theme that a visitor chose earlier from the Cookie header. */
export function themeOf(cookies: string | null): Theme {
  const value = cookies === null ? undefined : /(?:^|;\s*)devreg-theme=(\w+)/.exec(cookies)?.[1];
  return parseTheme(value) ?? "system";
}

/** Reads the name of a theme. */
export function parseTheme(text: string | null | undefined): Theme | undefined {
  return THEMES.find((theme) => theme === text);
}

/** Gives the Set-Cookie header that remembers a theme. The browser's script writes the same. */
export function themeCookie(theme: Theme): string {
  const lifeS = theme === "system" ? 0 : YEAR_S;
  return `${COOKIE}=${theme}; Path=/; Max-Age=${lifeS}; SameSite=Lax`;
}
