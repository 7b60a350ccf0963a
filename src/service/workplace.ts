/** What the parts of a project's service share. */
import type { ProcessHost } from '../contract/host.ts';
import { readProject, type WritableProject } from '../project/index.ts';
import type { Project } from '../contract/entities.ts';
import type { Events } from './events.ts';
import type { Guard } from './guard.ts';
import type { Log } from './log.ts';

/** A project with the means to change it and to say so. */
export interface Workplace {
  project: WritableProject;
  host: ProcessHost;
  events: Events;
  log: Log;
  guard: Guard;
}

export function describeProject(project: WritableProject, readOnlyQueue: boolean): Project {
  const { name, createdAt } = readProject(project);
  return { name, folder: project.folder, createdAt, readOnlyQueue };
}
