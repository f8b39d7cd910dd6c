import { utf8 } from "../../bytes.ts";
import type { IndexEntry } from "../../generator/index.ts";
import { CONFIG_MAP_BYTES } from "../../mirror-limits.ts";
import type { ClientContext, Exported, ExportedFile } from "./exported.ts";

/** Where Che and Dev Spaces look for samples of their administrators: labels of a ConfigMap. */
const SAMPLE_LABELS = {
  "app.kubernetes.io/part-of": "che.eclipse.org",
  "app.kubernetes.io/component": "getting-started-samples",
};

/** A sample as Che's dashboard reads it. */
interface CheSample {
  readonly displayName: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly url: string;
  readonly icon?: { readonly base64data: string; readonly mediatype: string };
}

/** Writes what Che and Dev Spaces take: a patch of their CheCluster, and samples. */
export function exportChe(context: ClientContext): Exported {
  const { index } = context;
  if (index === undefined) {
    const note = "clients: samples for Che are in a bundle; a lock does not have them";
    return { files: [chePatch(context)], notes: [note] };
  }
  const samples = index.filter(({ type }) => type === "sample");
  const files = [chePatch(context), ...(samples.length > 0 ? [cheSamples(context, samples)] : [])];
  return { files, notes: [] };
}

/** Spec: CheCluster, org.eclipse.che/v2. */
function chePatch({ publicUrl }: ClientContext): ExportedFile {
  const text = `# kubectl patch checluster/eclipse-che -n eclipse-che --type=merge --patch-file che-cluster.yaml
# Dev Spaces: checluster/devspaces -n openshift-devspaces
apiVersion: org.eclipse.che/v2
kind: CheCluster
spec:
  components:
    devfileRegistry:
      disableInternalRegistry: true
      externalDevfileRegistries:
        - url: ${JSON.stringify(publicUrl)}
`;
  return { name: "che-cluster.yaml", text };
}

function cheSamples(context: ClientContext, entries: readonly IndexEntry[]): ExportedFile {
  const samples = entries.map((entry) => cheSample(entry, context.publicUrl));
  const full = jsonLines(samples);
  // What is too large for a ConfigMap still is of use without pictures.
  const json =
    utf8(full).byteLength <= CONFIG_MAP_BYTES
      ? full
      : jsonLines(samples.map(({ icon: _, ...sample }) => sample));
  const text = `# kubectl apply -n eclipse-che -f che-samples.yaml: the samples of the registry as tiles of the dashboard.
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${JSON.stringify(`${context.name}-samples`)}
  labels:
${Object.entries(SAMPLE_LABELS)
  .map(([label, value]) => `    ${label}: ${value}\n`)
  .join("")}data:
  samples.json: |
${json.replaceAll(/^/gm, "    ")}
`;
  return { name: "che-samples.yaml", text };
}

function cheSample(entry: IndexEntry, publicUrl: string): CheSample {
  const { name, displayName = name, description, tags, icon } = entry;
  const embedded = /^data:([^;,]+);base64,(.+)$/.exec(icon ?? "");
  const [, mediatype, base64data] = embedded ?? [];
  return {
    displayName,
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
    url: `${publicUrl}/devfiles/${encodeURIComponent(name)}`,
    ...(mediatype === undefined || base64data === undefined
      ? {}
      : { icon: { base64data, mediatype } }),
  };
}

/** Characters that some parsers of YAML take for ends of lines, or refuse, are escaped. */
function jsonLines(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
