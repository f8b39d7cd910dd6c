import type { Look, LookedAt, Trouble, UpdateLog, UpdateRecord } from "../../server/index.ts";
import { REMEMBERED_TEXT_CHARS, REMEMBERED_UPDATES } from "../../update-limits.ts";

/** One update that ended. */
export type EndedUpdate = Omit<UpdateRecord, "times" | "firstBegan">;

/** What looks again by itself. */
export type LookTask = "poll" | "resync" | "retry" | "follow";

const LOOKS_AT: Readonly<Record<LookTask, LookedAt>> = {
  poll: "source",
  resync: "source",
  retry: "source",
  follow: "registry",
};

/** Remembers how updates went, and when the server looks for something new. */
export class UpdateHistory {
  #updates: readonly UpdateRecord[] = [];
  #lastChange: Date | undefined;
  readonly #looks = new Map<LookedAt, Pick<Look, "last" | "upToDate">>();
  readonly #next = new Map<LookTask, Date>();

  /** Remembers an update; one like another that changed nothing is counted with that. */
  add(ended: EndedUpdate): void {
    const { began, ms, state } = ended;
    const update = { ...ended, trouble: shortened(ended.trouble), times: 1, firstBegan: began };
    const alike = this.#updates.find((each) => isAlike(each, update));
    const others = this.#updates.filter((each) => each !== alike);
    const times = (alike?.times ?? 0) + 1;
    const counted = { ...update, times, firstBegan: alike?.firstBegan ?? began };
    this.#updates = [counted, ...others].slice(0, REMEMBERED_UPDATES);
    if (state === "updated") this.#lastChange = new Date(began.getTime() + ms);
  }

  /** Remembers that something was asked, and whether what is served is as new. */
  looked(of: LookedAt, at: Date, isUpToDate: boolean): void {
    const upToDate = isUpToDate ? at : this.#looks.get(of)?.upToDate;
    this.#looks.set(of, { last: at, upToDate });
  }

  /** Remembers when a task looks next; undefined when it does not by itself. */
  plan(task: LookTask, at: Date | undefined): void {
    if (at === undefined) this.#next.delete(task);
    else this.#next.set(task, at);
  }

  /** Gives all that is remembered. */
  log(): UpdateLog {
    const looks = (["source", "registry"] as const).flatMap((of): readonly Look[] => {
      const look = this.#looks.get(of);
      const next = this.#nextOf(of);
      if (look === undefined && next === undefined) return [];
      return [{ of, last: look?.last, upToDate: look?.upToDate, next }];
    });
    return { updates: this.#updates, lastChange: this.#lastChange, looks };
  }

  #nextOf(of: LookedAt): Date | undefined {
    const times = [...this.#next].filter(([task]) => LOOKS_AT[task] === of);
    return times.map(([, at]) => at).sort((a, b) => a.getTime() - b.getTime())[0];
  }
}

function isAlike(one: UpdateRecord, other: UpdateRecord): boolean {
  return (
    one.state !== "updated" &&
    one.state === other.state &&
    one.trouble?.kind === other.trouble?.kind &&
    one.before === other.before &&
    one.after === other.after &&
    one.askedBy.join() === other.askedBy.join()
  );
}

function shortened(trouble: Trouble | undefined): Trouble | undefined {
  return trouble && { ...trouble, detail: trouble.detail.slice(0, REMEMBERED_TEXT_CHARS) };
}
