/** What the help of every command that reads registry repositories says of them. */
export const SOURCE_NOTES: readonly string[] = [
  "REPO is a folder, or the address of a git repository: https://HOST/PATH.git[#BRANCH|TAG|COMMIT]. Several make one registry, in the order given.",
  "Credentials for a git host are taken from DEVREG_GIT_AUTH_<HOST> (user:password or a token; DEVREG_GIT_AUTH_GIT_EXAMPLE_COM). Addresses of ssh need the git program.",
];

/** What the help of commands with a registry says of logging in there. */
export const REGISTRY_NOTES: readonly string[] = [
  "Credentials for a registry are taken from DEVREG_AUTH_<HOST> (user:password; DEVREG_AUTH_REGISTRY_INTERNAL_5000), else from the files that podman and docker write.",
];
