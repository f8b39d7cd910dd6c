import { DevregError } from "../../errors.ts";

/** Turns a failure that devreg understands into a value, unless everything is to end. */
export async function settle<Value>(promise: Promise<Value>): Promise<Value | DevregError> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof DevregError && error.code !== "ABORTED") return error;
    throw error;
  }
}
