import { shellWord } from "../shell-word.ts";
import { exportChe } from "./che.ts";
import { exportConsole } from "./console.ts";
import type { ClientContext, ExportContext, Exported, ExportedFile } from "./exported.ts";

/** What clients know the registry by that they come with. */
const DEFAULT_REGISTRY = "DefaultDevfileRegistry";

/**
 * Writes what lets clients find the devfile registry: lists that clusters offer, Che, odo, the
 * OpenShift Toolkit of VS Code and the OpenShift console.
 */
export function exportClients(context: ExportContext): Exported {
  const { publicUrl } = context;
  if (publicUrl === undefined) {
    const note = "clients: the address of the devfile registry is not known; give --public-url";
    return { files: [], notes: [note] };
  }
  const known = { ...context, publicUrl };
  const che = exportChe(known);
  const console = exportConsole(known);
  const files = [
    registriesList(known, "ClusterDevfileRegistriesList"),
    registriesList(known, "DevfileRegistriesList"),
    odoLines(known),
    odoPreference(known),
    ...che.files,
    ...console.files,
  ].map(({ name, text }) => ({ name: `clients/${name}`, text }));
  return { files, notes: [...che.notes, ...console.notes] };
}

/** Spec: registry-operator, REGISTRIES_LISTS.md. A cluster, and a namespace, takes one list. */
function registriesList({ name, publicUrl }: ClientContext, kind: string): ExportedFile {
  const text = `# Read by odo and other tools that ask a cluster for its devfile registries; the registry operator
# must be installed, and it must reach the address.
apiVersion: registry.devfile.io/v1alpha1
kind: ${kind}
metadata:
  name: ${JSON.stringify(name)}
spec:
  devfileRegistries:
    - name: ${JSON.stringify(name)}
      url: ${JSON.stringify(publicUrl)}
      skipTLSVerify: false
`;
  return { name: `${kind.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase()}.yaml`, text };
}

function odoLines(context: ClientContext): ExportedFile {
  const text = `#!/bin/sh
# odo of version 3; the registry that it comes with cannot be reached from here.
odo preference add registry ${plainName(context)} ${shellWord(context.publicUrl)}
odo preference remove registry ${DEFAULT_REGISTRY} --force
`;
  return { name: "odo.sh", text };
}

/** The toolkit has no setting of its own for this: it reads and writes the file of odo. */
function odoPreference(context: ClientContext): ExportedFile {
  const text = `# Put it at ~/.odo/preference.yaml, which odo and the OpenShift Toolkit of VS Code both read.
# Where there is one already, take over RegistryList.
kind: Preference
apiversion: odo.dev/v1alpha1
OdoSettings:
  RegistryList:
    - Name: ${JSON.stringify(plainName(context))}
      URL: ${JSON.stringify(context.publicUrl)}
      secure: false
  ConsentTelemetry: false
`;
  return { name: "odo-preference.yaml", text };
}

/** The toolkit takes letters and digits alone. */
function plainName({ name }: ClientContext): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}
