import { counted } from "../../../counted.ts";
import { SHOWN_ROWS } from "../../../viewer-limits.ts";
import { chip, note, table } from "../components.ts";
import { cut } from "../cut.ts";
import { type Html, type HtmlValue, html } from "../html.ts";
import {
  type DevfileCommand,
  type DevfileComponent,
  type DevfileEndpoint,
  type DevfileModel,
  type Fields,
  imageOf,
  listAt,
  mapAt,
  textAt,
  textOf,
} from "./devfile-model.ts";

/** Shows what a devfile is made of: images, commands, endpoints, volumes, what is deployed, events. */
export function partsOf({ components, commands, endpoints, events, isCut }: DevfileModel): Html {
  const volumes = components.filter(({ kind }) => kind === "volume");
  const deployed = components.filter(({ kind }) =>
    /^(?:kubernetes|openshift|plugin|custom)$/.test(kind),
  );
  const images = components.filter((component) => imageOf(component) !== "");
  return html`${isCut ? note("info", "The devfile says more than is shown here.") : undefined}${[
    part("Images", ["Image", "Component", "Use", "Limits"], images, imageRow),
    part("Commands", ["Command", "Group", "Runs", "In"], commands, commandRow),
    part("Endpoints", ["Endpoint", "Port", "Protocol", "Exposure"], endpoints, endpointRow),
    part("Volumes", ["Volume", "Size", "Mounted at"], volumes, (volume) =>
      volumeRow(volume, components),
    ),
    part("Other components", ["Component", "Kind", "From"], deployed, otherRow),
    part("Events", ["Event", "Commands"], events, ([event, names]) => [
      html`<code>${cut(event)}</code>`,
      cut(names),
    ]),
  ]}`;
}

function part<Row>(
  title: string,
  columns: readonly string[],
  rows: readonly Row[],
  cellsOf: (row: Row) => readonly HtmlValue[],
): Html | undefined {
  if (rows.length === 0) return undefined;
  const left = rows.length - SHOWN_ROWS;
  return html`<section class="part"><h3>${title} <span class="count">${rows.length}</span></h3>
${table(title, columns, rows.slice(0, SHOWN_ROWS).map(cellsOf))}
${left > 0 ? html`<p class="soft">and ${left} more</p>` : undefined}</section>`;
}

function imageRow(component: DevfileComponent): readonly HtmlValue[] {
  const { name, kind, body } = component;
  const [memory, cpu] = [textAt(body, "memoryLimit"), textAt(body, "cpuLimit")];
  const limits = [memory && `${memory} memory`, cpu && `${cpu} CPU`];
  const docker = mapAt(body, "dockerfile");
  const built = textAt(docker, "uri") || textAt(mapAt(docker, "devfileRegistry"), "id");
  return [
    html`<code>${cut(imageOf(component))}</code>`,
    cut(name),
    kind === "container"
      ? "runs"
      : built === ""
        ? "built"
        : html`built from <code>${cut(built)}</code>`,
    cut(limits.filter((limit) => limit !== "").join(", ")),
  ];
}

function commandRow({ id, kind, body, group, isDefault }: DevfileCommand): readonly HtmlValue[] {
  const line = textAt(body, "commandLine");
  const steps = textOf(body.get("commands"));
  const place = textAt(body, "workingDir");
  return [
    html`<code>${cut(id)}</code>`,
    group === ""
      ? ""
      : html`<span class="chips">${chip(cut(group), { kind: "accent" })}${isDefault ? chip("default") : undefined}</span>`,
    kind === "exec"
      ? html`<pre class="line-of"><code>${cut(line.trimEnd())}</code></pre>`
      : kind === "composite"
        ? html`${cut(steps)}${/^true$/i.test(textAt(body, "parallel")) ? " in parallel" : ""}`
        : kind === "apply"
          ? html`applies <code>${cut(textAt(body, "component"))}</code>`
          : cut(kind),
    kind === "exec"
      ? html`${cut(textAt(body, "component"))}${place === "" ? undefined : html`<br><code class="soft">${cut(place)}</code>`}`
      : "",
  ];
}

function endpointRow({ component, name, body }: DevfileEndpoint): readonly HtmlValue[] {
  const path = textAt(body, "path");
  return [
    html`<code>${cut(name)}</code> <span class="soft">of ${cut(component)}</span>`,
    html`${cut(textAt(body, "targetPort"))}${path === "" ? undefined : html` <code>${cut(path)}</code>`}`,
    cut(textAt(body, "protocol") || "http"),
    cut(textAt(body, "exposure") || "public"),
  ];
}

function volumeRow(
  { name, body }: DevfileComponent,
  components: readonly DevfileComponent[],
): readonly HtmlValue[] {
  const mounts = components.flatMap((each) =>
    listAt(each.body, "volumeMounts")
      .filter((mount) => textAt(mount, "name") === name)
      .map((mount) => `${textAt(mount, "path") || `/${name}`} in ${each.name}`),
  );
  const size = textAt(body, "size") || (textAt(body, "ephemeral") === "true" ? "ephemeral" : "");
  return [html`<code>${cut(name)}</code>`, cut(size), cut(mounts.join(", "))];
}

function otherRow({ name, kind, body }: DevfileComponent): readonly HtmlValue[] {
  return [html`<code>${cut(name)}</code>`, kind, originOf(body)];
}

function originOf(body: Fields): HtmlValue {
  const place = textAt(body, "uri") || textAt(body, "id");
  if (place !== "") return html`<code>${cut(place)}</code>`;
  const inlined = textAt(body, "inlined");
  return inlined === ""
    ? ""
    : `written in the devfile, ${counted(inlined.split("\n").length, "line")}`;
}
