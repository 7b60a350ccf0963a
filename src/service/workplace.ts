/** What the parts of a project's service share. */
import type { ProcessHost } from '../contract/host.ts';
import type { Failure } from '../contract/errors.ts';
import { readProject, type WritableProject } from '../project/index.ts';
import type { Project } from '../contract/entities.ts';
import type { Events } from './events.ts';
import type { Log } from './log.ts';

/** A project with the means to change it and to say so. */
export interface Workplace {
  project: WritableProject;
  host: ProcessHost;
  events: Events;
  log: Log;
}

export function describeProject(project: WritableProject, readOnlyQueue: boolean): Project {
  const { name, createdAt } = readProject(project);
  return { name, folder: project.folder, createdAt, readOnlyQueue };
}

/** A failure in the log: expected ones as warnings, bugs with their stack. */
export function logFailure(log: Log, failure: Failure, thrown: unknown, what: string): void {
  if (failure.code === 'internal') log.error({ err: thrown }, what);
  else log.warn({ failure }, what);
}
