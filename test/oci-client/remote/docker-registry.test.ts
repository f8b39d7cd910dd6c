import { silentLogger } from "../../../src/log.ts";
import { createTransportPool } from "../../../src/net/index.ts";
import { anonymous, createRemoteRegistry } from "../../../src/oci-client/remote/index.ts";
import { realClock } from "../../support/clock.ts";
import { startDockerRegistry } from "../../support/docker-registry.ts";
import { describeRepository } from "../behaviour.ts";

describeRepository("remote (docker-registry)", async () => {
  const peer = await startDockerRegistry();
  const pool = createTransportPool({ userAgent: "devreg-test" });
  const registry = createRemoteRegistry({
    location: { registry: peer.host, prefix: "mirror/prefix" },
    send: pool.send,
    credentials: anonymous,
    log: silentLogger,
    clock: realClock,
  });
  return {
    repository: registry.repository("devfile-catalog/go"),
    close: async () => {
      await pool.close();
      await peer.stop();
    },
  };
});
