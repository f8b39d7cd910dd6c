import type { OpenedProject, ProjectSource } from "./fetch/index.ts";

/** Fetches a project once, to read folders of it; bounded in size and time by whoever makes it. */
export type OpenProject = (source: ProjectSource) => Promise<OpenedProject>;
