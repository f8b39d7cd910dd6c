/** What one server is asked all at once, and how long others wait meanwhile. */

/** What came of asking many things at once. */
export interface Burst {
  readonly seconds: number;
  readonly megabytes: number;
  /** How many answers were no success. */
  readonly failed: number;
}

/** How long requests took that came one after the other. */
export interface Waits {
  readonly p99Ms: number;
  readonly mostMs: number;
}

/** How long is asked before and after. */
const AROUND_MS = 500;

/** Addresses of filtered indexes that differ, each with most of what is there. */
export function wideFilters(count: number): string[] {
  const letters = [..."abcdefghilmnoprstuvw"];
  const pairs = letters.flatMap((a) => letters.map((b) => [a, b] as const));
  return pairs.slice(0, count).map(([a, b]) => `/v2index/all?description=${a}&name=${b}`);
}

/** Asks for all addresses at once, and reads what comes. */
export async function askAtOnce(
  url: string,
  paths: readonly string[],
  encoding: string,
): Promise<Burst> {
  const startedMs = performance.now();
  let bytes = 0;
  let failed = 0;
  const ask = async (path: string) => {
    const headers = { "accept-encoding": encoding };
    const answer = await fetch(url + path, { headers, decompress: false });
    if (!answer.ok) failed += 1;
    for await (const chunk of answer.body ?? []) bytes += chunk.byteLength;
  };
  await Promise.all(paths.map(ask));
  return { seconds: (performance.now() - startedMs) / 1000, megabytes: bytes / 1e6, failed };
}

/** Asks for one address again and again while something else is asked for. */
export async function waitsDuring(
  url: string,
  path: string,
  work: () => Promise<unknown>,
): Promise<Waits> {
  const times: number[] = [];
  let isDone = false;
  const asking = (async () => {
    while (!isDone) {
      const startedMs = performance.now();
      await (await fetch(url + path)).arrayBuffer();
      times.push(performance.now() - startedMs);
      await Bun.sleep(1);
    }
  })();
  await Bun.sleep(AROUND_MS);
  await work();
  await Bun.sleep(AROUND_MS);
  isDone = true;
  await asking;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor((times.length - 1) * share)] ?? Number.NaN;
  return { p99Ms: at(0.99), mostMs: at(1) };
}
