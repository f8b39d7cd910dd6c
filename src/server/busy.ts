import { DevregError } from "../errors.ts";

/** How soon it is worth asking again, in seconds. */
export const BUSY_RETRY_S = "1";

/** Says that as many wait for costly work as may; the visitor is asked to come back. */
export class ServerBusy extends DevregError {
  constructor(object: string) {
    super("LIMIT_EXCEEDED", `Cannot open ${object}: too many wait already`);
  }
}
