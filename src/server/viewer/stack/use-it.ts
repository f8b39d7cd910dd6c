import { type IndexEntry, versionAddress } from "../../../generator/index.ts";
import { addressIn, registryHostOf, type Site } from "../../site/index.ts";
import { buttonLink, command } from "../components.ts";
import { odoRegistryCommand, odoRegistryName, registryAddress } from "../connect.ts";
import { type Html, html } from "../html.ts";
import { devfilePath } from "./addresses.ts";
import type { DevfileModel } from "./devfile-model.ts";
import type { ShownVersion } from "./find-entry.ts";
import { shellCommand } from "./shell.ts";

/** What commands are made for. */
export interface UsedVersion {
  readonly site: Site;
  /** The name that this registry goes by; may be "". */
  readonly registry: string;
  readonly entry: IndexEntry;
  readonly version: ShownVersion;
  readonly model: DevfileModel | undefined;
}

/** One way to use a version; a command that cannot be written safely is left out. */
export interface Way {
  readonly title: string;
  readonly text?: Html;
  readonly commands: readonly (string | undefined)[];
}

/** A way whose commands are all there. */
interface ShownWay extends Way {
  readonly commands: readonly string[];
}

const EXTENSION = "redhat.vscode-openshift-connector";
const CHE = "https://CHE-HOST";

/**
 * Shows ready commands, each to be copied, one tool at a time: radio buttons choose it, so that no
 * script is needed. Where a browser cannot hide by them, all tools are shown.
 */
export function useIt(used: UsedVersion): Html {
  const ways = waysOf(used)
    .map((way) => ({ ...way, commands: way.commands.filter(isThere) }))
    .filter(({ commands }) => commands.length > 0);
  return html`<fieldset class="ways"><legend class="visually-hidden">Tool</legend>
<div class="tools">${ways.map(
    ({ title }, at) =>
      html`<label><input type="radio" name="way" id="way-${at}" autocomplete="off"${at === 0 ? html` checked` : undefined}><span>${title}</span></label>`,
  )}</div>
${ways.map(showWay)}</fieldset>`;
}

function showWay({ title, text, commands }: ShownWay, at: number): Html {
  return html`<section class="way way-${at}"><h3>${title}</h3>
${text && html`<p class="soft">${text}</p>`}${commands.map((line, place) =>
  command(line, `the ${title} command${commands.length === 1 ? "" : ` ${place + 1}`}`),
)}</section>`;
}

/** Gives the ways to use a version: tools of developers for stacks, and plain downloads. */
export function waysOf(used: UsedVersion): readonly Way[] {
  const { site, entry, version } = used;
  const follow = `devreg serve${isPlain(site) ? " --plain-http" : ""} --follow`;
  const devfile = { foreign: addressIn(site, devfilePath(entry, version.name)) };
  return [
    ...(entry.type === "sample" ? [] : [odo(used)]),
    vsCode(site),
    {
      title: "Eclipse Che",
      text: html`Open this address with the host of your Che in place of <code>CHE-HOST</code>.`,
      commands: [`${CHE}/#${devfile.foreign}`],
    },
    { title: "curl", commands: [shellCommand("curl -fsSL -o devfile.yaml", devfile)] },
    ...registryWays(used),
    {
      title: "devreg",
      text: html`Serve a copy of this registry that keeps up with it.`,
      commands: [shellCommand(follow, { foreign: registryHostOf(site) })],
    },
  ];
}

function odo({ site, registry, entry, version, model }: UsedVersion): Way {
  const name = { foreign: odoRegistryName(registry) };
  const starter = model?.starters.find((each) => each.name !== "")?.name;
  const init = shellCommand(
    "odo init --name my-app --devfile",
    { foreign: entry.name },
    "--devfile-registry",
    name,
    ...(version.name === "" ? [] : ["--devfile-version", { foreign: version.name }]),
  );
  const withStarter = starter && init && shellCommand(init, "--starter", { foreign: starter });
  return {
    title: "odo",
    text: html`Add this registry once, then begin a project in an empty folder.`,
    commands: [odoRegistryCommand(site, registry), withStarter || init],
  };
}

function vsCode(site: Site): Way {
  return {
    title: "VS Code",
    text: html`Install the extension, then add this registry by its address under “Devfile Registries”. ${buttonLink({ text: "Open in VS Code", href: `vscode:extension/${EXTENSION}`, icon: "external" })}`,
    commands: [`code --install-extension ${EXTENSION}`, registryAddress(site)],
  };
}

/** The artifact of a stack, for clients of OCI registries. */
function registryWays({ site, entry, version }: UsedVersion): readonly Way[] {
  if (entry.type === "sample" || version.version === undefined) return [];
  const { stack, repository, tag } = versionAddress(entry, version.version);
  const reference = `${registryHostOf(site)}/${repository}:${tag}`;
  const oras = ["oras pull", ...(isPlain(site) ? ["--plain-http"] : []), { foreign: reference }];
  const skopeo = [
    "skopeo copy",
    ...(isPlain(site) ? ["--src-tls-verify=false"] : []),
    { foreign: `docker://${reference}` },
    { foreign: `oci:${stack}:${tag}` },
  ];
  return [
    { title: "oras", commands: [shellCommand(...oras)] },
    { title: "skopeo", commands: [shellCommand(...skopeo)] },
  ];
}

function isPlain({ origin }: Site): boolean {
  return origin.startsWith("http:");
}

function isThere(line: string | undefined): line is string {
  return line !== undefined;
}
