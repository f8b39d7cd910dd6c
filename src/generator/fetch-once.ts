import type { FetchDevfile } from "./fetch-devfile.ts";

/** Asks for each address once, whatever came of it; for as long as the function is used. */
export function fetchOnce(fetch: FetchDevfile): FetchDevfile {
  const asked = new Map<string, ReturnType<FetchDevfile>>();
  return (url) => {
    const known = asked.get(url.href);
    if (known !== undefined) return known;
    const answer = fetch(url);
    asked.set(url.href, answer);
    return answer;
  };
}
