/** Asks for each address once, whatever came of it; for as long as the function is used. */
export function fetchOnce<Fetched>(
  fetch: (url: URL) => Promise<Fetched>,
): (url: URL) => Promise<Fetched> {
  const asked = new Map<string, Promise<Fetched>>();
  return (url) => {
    const known = asked.get(url.href);
    if (known !== undefined) return known;
    const answer = fetch(url);
    asked.set(url.href, answer);
    return answer;
  };
}
