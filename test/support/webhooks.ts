import { createHmac } from "node:crypto";
import { jsonOf } from "./json-of.ts";
import { SECRET, type UpdateAnswer } from "./live-world.ts";

/** Who tells of a push. */
export type Forge = "github" | "gitlab";

/** A push as a forge tells of it. */
export interface PushEvent {
  /** Address of the repository. */
  readonly source: string;
  readonly commit: string;
  readonly branch?: string;
}

/** Sends the webhook of a push to main. The same one may be sent again. */
export async function sendWebhook(
  url: string,
  forge: Forge,
  { source, commit, branch = "main" }: PushEvent,
): Promise<UpdateAnswer> {
  const [repository, address] =
    forge === "github" ? ["repository", "clone_url"] : ["project", "git_http_url"];
  const body = JSON.stringify({
    ref: `refs/heads/${branch}`,
    after: commit,
    [repository]: { [address]: source, default_branch: "main" },
    commits: [],
  });
  const answer = await fetch(`${url}/api/update`, {
    method: "POST",
    headers: { "content-type": "application/json", ...signature(forge, body) },
    body,
  });
  return { ...(await jsonOf(answer)), status: answer.status };
}

function signature(forge: Forge, body: string): Record<string, string> {
  if (forge === "gitlab") return { "x-gitlab-event": "Push Hook", "x-gitlab-token": SECRET };
  const signed = createHmac("sha256", SECRET).update(body).digest("hex");
  return { "x-github-event": "push", "x-hub-signature-256": `sha256=${signed}` };
}
