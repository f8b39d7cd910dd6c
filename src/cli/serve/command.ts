import { REGISTRY_SOURCES } from "../../limits.ts";
import { defineCommand } from "../command.ts";
import { REGISTRY_NOTES, SOURCE_NOTES } from "../source-notes.ts";
import { serveFlags } from "./flags.ts";

/** `devreg serve`: REST API, viewer and read-only /v2. */
export const serveCommand = defineCommand({
  name: "serve",
  summary: "Serve a registry: REST API, web viewer and read-only OCI registry",
  operands: "[REPO…|BUILD|BUNDLE]",
  arity: { min: 0, max: REGISTRY_SOURCES },
  flags: serveFlags,
  notes: [
    "A registry repository is validated and packaged in memory first; with errors it is refused unless --force.",
    "Without an argument the folder named by DEVFILE_INDEX and DEVFILE_STACKS is served, with --registry localhost:5000 as the Go server has it, else /registry.",
    "A bundle of devreg mirror save is served with its images, from where it lies; --public-url is the name they get in devfiles.",
    "With --source or --follow it listens at once with what there is (an argument, --data-dir, nothing) and swaps when there is something newer. With --source and --registry any number of replicas share one index; a POST to /api/update of one of them, or of each, brings what was merged.",
    ...SOURCE_NOTES,
    ...REGISTRY_NOTES,
  ],
  examples: [
    "devreg serve ./my-registry --watch",
    "devreg serve build --listen 127.0.0.1:8080 --metrics-listen off",
    "devreg serve bundle.tar --public-url https://devfiles.internal",
    "devreg serve /registry --registry localhost:5000 --headless",
    "devreg serve --source https://git.internal/registry.git --webhook-secret-file /run/webhook",
    "devreg serve --follow registry.internal/devfiles --data-dir /var/lib/devreg",
  ],
  run: async (edge, invocation) => {
    const { executeServe } = await import("./execute.ts");
    return executeServe(edge, invocation);
  },
});
