const POLL_MS = 25;
/** Looks, not seconds: on a busy machine each takes longer, as does what is waited for. */
const GIVE_UP_LOOKS = 800;

/** Polls until a condition holds. @throws when it does not in 800 looks, naming what was awaited */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await holds()); looks += 1) {
    if (looks === GIVE_UP_LOOKS) throw new Error(`waited in vain until ${what}`);
    await Bun.sleep(POLL_MS);
  }
}
