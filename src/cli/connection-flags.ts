import { listFlag, optionalFlag, switchFlag, valueFlag } from "./flag.ts";
import { choice, host, text } from "./values.ts";

/** The flags of every command that reaches OCI registries. */
export const connectionFlags = {
  authfile: optionalFlag(text, {
    placeholder: "FILE",
    help: "Credentials in the form of containers-auth.json or docker's config.json",
    env: ["REGISTRY_AUTH_FILE"],
  }),
  creds: optionalFlag(text, {
    placeholder: "USER:PASSWORD",
    help: "Credentials for --registry; better in the environment, where ps does not show them",
    secret: true,
  }),
  caFile: optionalFlag(text, {
    placeholder: "FILE",
    help: "PEM certificates to trust beside the built-in ones",
  }),
  cert: optionalFlag(text, { placeholder: "FILE", help: "PEM client certificate" }),
  key: optionalFlag(text, { placeholder: "FILE", help: "PEM key of the client certificate" }),
  tlsVerify: switchFlag({
    help: "Check certificates of registries; --tls-verify=false switches it off",
    default: true,
  }),
  trustedRealms: listFlag(host, {
    placeholder: "HOST[:PORT]",
    help: "Token servers on another site that may get a registry's credentials",
  }),
  plainHttp: switchFlag({
    help: "Reach registries without TLS; loopback addresses are reached so by themselves",
  }),
};

/** The flags of every command that reads a registry repository. */
export const repositoryFlags = {
  force: switchFlag({ help: "Publish what can be published although there are errors" }),
  noNetwork: switchFlag({
    help: "Fetch nothing that a repository has elsewhere; the report says what was not checked",
  }),
  onDuplicate: valueFlag(choice(["error", "first", "last"]), {
    placeholder: "error|first|last",
    default: "error",
    help: "Which repository counts for a stack or sample that several have",
  }),
  cacheDir: optionalFlag(text, {
    placeholder: "DIR",
    help: "Folder that keeps what is fetched from git servers and of zip archives between runs",
  }),
};
