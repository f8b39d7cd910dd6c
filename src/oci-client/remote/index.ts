export type { Clock } from "./clock.ts";
export { anonymous, type Credential, type CredentialSource } from "./credential.ts";
export type { HelperBounds, HelperRun } from "./credential-helper.ts";
export { type CredentialOptions, credentialVariable, loadCredentials } from "./credentials.ts";
export {
  createRemoteRegistry,
  type RemoteOptions,
  type RemoteRegistry,
} from "./remote-registry.ts";
