const POLL_MS = 25;
const GIVE_UP_MS = 20_000;

/** Polls until a condition holds. @throws when it does not within 20 s, naming what was awaited */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + GIVE_UP_MS;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain until ${what}`);
    await Bun.sleep(POLL_MS);
  }
}
