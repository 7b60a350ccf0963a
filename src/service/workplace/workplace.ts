/** What the parts of a project's service share. */
import type { ProcessHost } from '../../contract/messages/host.ts';
import { cautionsOfPlace } from '../../machine/place.ts';
import { isAlive, readLease, readProject, thisProcess, type WritableProject } from '../../project/index.ts';
import type { Project } from '../../contract/entities.ts';
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
  return {
    name,
    folder: project.folder,
    createdAt,
    readOnlyQueue,
    heldBy: readOnlyQueue ? holderOf(project) : null,
    readOnly: project.readOnly ?? false,
    cautions: cautionsOfPlace(project.folder),
  };
}

/** Another process that runs the queue; null where nobody does. */
function holderOf(project: WritableProject): Project['heldBy'] {
  const lease = readLease(project);
  const { pid, host } = thisProcess();
  if (!lease || (lease.pid === pid && lease.host === host)) return null;
  const here = lease.host === host;
  return here && !isAlive(lease) ? null : { pid: lease.pid, host: lease.host, here };
}
