import { isIP } from "node:net";
import type { ClientContext, Exported } from "./exported.ts";

/** The one address that the OpenShift console takes samples from. */
const HOST = "registry.devfile.io";
/** The secret with its certificate. */
const SECRET = "registry-devfile-io-tls";
/** The service of the offline registry, as the lines that install it name it. */
const SERVICE = "devfile-registry";
/** The port of that service. */
const PORT = 8080;

/**
 * Writes what lets the OpenShift console find the registry. It asks https://registry.devfile.io and
 * no other, so that name has to lead here: an Ingress or Route for it, a certificate, and an answer
 * of the cluster's DNS.
 */
export function exportConsole(context: ClientContext): Exported {
  const files = [
    { name: "console/ingress.yaml", text: ingress() },
    { name: "console/route.yaml", text: route() },
    { name: "console/certificate.yaml", text: certificate() },
    { name: "console/certificate-request.sh", text: certificateRequest() },
    { name: "console/dns-operator.yaml", text: dnsOperator(context) },
    { name: "console/corefile.txt", text: corefile(context) },
  ];
  const atRoot = new URL(context.publicUrl).pathname === "/";
  const note = `clients: the console asks for https://${HOST}/, but the registry is below a path`;
  return { files, notes: atRoot ? [] : [note] };
}

function ingress(): string {
  return `# In the namespace of the devfile registry. On OpenShift it becomes a Route with the secret's certificate.
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: registry-devfile-io
spec:
  tls:
    - hosts:
        - ${HOST}
      secretName: ${SECRET}
  rules:
    - host: ${HOST}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${SERVICE}
                port:
                  number: ${PORT}
`;
}

function route(): string {
  return `# In place of ingress.yaml, in the namespace of the devfile registry: put the certificate and key in, or
# oc create route edge registry-devfile-io --service=${SERVICE} --port=${PORT} --hostname=${HOST} --cert=${HOST}.crt --key=${HOST}.key
apiVersion: route.openshift.io/v1
kind: Route
metadata:
  name: registry-devfile-io
spec:
  host: ${HOST}
  to:
    kind: Service
    name: ${SERVICE}
  port:
    targetPort: ${PORT}
  tls:
    termination: edge
    insecureEdgeTerminationPolicy: Redirect
`;
}

function certificate(): string {
  return `# For clusters with cert-manager: put in an issuer whose authority the cluster trusts.
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: registry-devfile-io
spec:
  secretName: ${SECRET}
  dnsNames:
    - ${HOST}
  issuerRef:
    name: internal-ca
    kind: ClusterIssuer
`;
}

function certificateRequest(): string {
  return `#!/bin/sh
# Without cert-manager: a key and a request, for your own authority to sign.
openssl req -new -newkey rsa:3072 -nodes -keyout ${HOST}.key -out ${HOST}.csr \\
  -subj "/CN=${HOST}" -addext "subjectAltName=DNS:${HOST}"
# With the signed certificate:
#   kubectl create secret tls ${SECRET} --cert=${HOST}.crt --key=${HOST}.key
# The console must trust the authority; on OpenShift:
#   oc create configmap user-ca-bundle -n openshift-config --from-file=ca-bundle.crt=CA.crt
#   oc patch proxy/cluster --type=merge -p '{"spec":{"trustedCA":{"name":"user-ca-bundle"}}}'
# Where the cluster has a proxy, its noProxy must hold ${HOST}.
`;
}

function dnsOperator({ publicUrl }: ClientContext): string {
  return `# oc patch dns.operator/default --type=merge --patch-file dns-operator.yaml
# The operator forwards zones and rewrites nothing: put in a DNS server that answers ${HOST} with the
# address of ${hostOf(publicUrl)}; corefile.txt makes one. Servers that are in use already must be listed too.
apiVersion: operator.openshift.io/v1
kind: DNS
metadata:
  name: default
spec:
  servers:
    - name: registry-devfile-io
      zones:
        - ${HOST}
      forwardPlugin:
        upstreams:
          - 192.0.2.53
`;
}

function corefile({ publicUrl }: ClientContext): string {
  const host = hostOf(publicUrl);
  const address = host.replace(/^\[(.*)\]$/, "$1");
  const answer =
    isIP(address) === 0
      ? `    rewrite name exact ${HOST} ${host}\n    forward . /etc/resolv.conf`
      : `    hosts {\n        ${address} ${HOST}\n    }`;
  return `# A server of CoreDNS for the one name. In a cluster whose own DNS is CoreDNS, add it to the Corefile
# of the ConfigMap kube-system/coredns; for OpenShift, run it where dns-operator.yaml points.
${HOST}:53 {
    errors
${answer}
}
`;
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}
