import { LANGUAGES_CHARS } from "../../observe-limits.ts";

/**
 * Gives the country that a client's preferred language points at ("CH" for "de-CH" and for "gsw");
 * empty where it points at none. Parity: Accept-Language, else Locale, as the Go server reads them.
 */
export function countryOf(headers: Headers): string {
  const languages = headers.get("accept-language") ?? headers.get("locale") ?? "";
  const preferred = preferredLanguage(languages.slice(0, LANGUAGES_CHARS));
  try {
    return new Intl.Locale(preferred.replaceAll("_", "-")).maximize().region ?? "";
  } catch {
    // What is no language tag names no country.
    return "";
  }
}

/** The first one of the highest quality. Spec: RFC 9110, 12.5.4. */
function preferredLanguage(list: string): string {
  let best = "";
  let highest = 0;
  for (const item of list.split(",")) {
    const [tag = "", ...parameters] = item.split(";").map((part) => part.trim());
    const given = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2);
    const quality = given === undefined ? 1 : Number(given) || 0;
    if (quality <= highest) continue;
    best = tag;
    highest = quality;
  }
  return best;
}
