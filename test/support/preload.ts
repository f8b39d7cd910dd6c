import { setDefaultTimeout } from "bun:test";

/** Tests that run the executable and its peers need more than the default on a busy machine. */
setDefaultTimeout(60_000);
