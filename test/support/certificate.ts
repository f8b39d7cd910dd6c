import { join } from "node:path";

/** Files of a certificate that signs itself, for 127.0.0.1, localhost and further names. */
export interface Certificate {
  /** Path of the PEM certificate. */
  readonly certificate: string;
  /** Path of the PEM key. */
  readonly key: string;
}

/** Makes a certificate in a folder with openssl. */
export function makeCertificate(folder: string, names: readonly string[] = []): Certificate {
  const [certificate, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subjects = ["IP:127.0.0.1", "DNS:localhost", ...names.map((name) => `DNS:${name}`)];
  const made = Bun.spawnSync(
    ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"].concat([
      ...["-keyout", key, "-out", certificate, "-subj", "/CN=devreg tests"],
      ...["-addext", `subjectAltName=${subjects.join(",")}`],
    ]),
    { stderr: "pipe" },
  );
  if (made.exitCode !== 0) throw new Error(`openssl: ${made.stderr.toString()}`);
  return { certificate, key };
}
