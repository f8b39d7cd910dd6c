/** What proves who we are to a registry. */
export type Credential =
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  /** Exchanged for access tokens at the registry's token server. */
  | { readonly kind: "refresh"; readonly token: string }
  /** Sent to the registry as it is. */
  | { readonly kind: "bearer"; readonly token: string };

/** Finds credentials. */
export interface CredentialSource {
  /**
   * Gives the credential for a registry ("quay.io", "host:5000"), the most specific one when a
   * full repository name is given; undefined when there is none.
   *
   * @throws {DevregError} CONFIG_INVALID when what is configured cannot be used
   */
  for(host: string, repository?: string): Promise<Credential | undefined>;
}

/** Knows no credentials. */
export const anonymous: CredentialSource = { for: async () => undefined };

/** Writes the value of an Authorization header. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}
