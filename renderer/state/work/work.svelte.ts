/** What goes on in the open project, in numbers. */
import { NO_WORK, type Work } from '../../../src/contract/messages/shell.ts';
import type { ProjectSession } from '../project.svelte.ts';

export function workOf(session: ProjectSession | null): Work {
  // A project that only looks on does none of the work that it sees.
  if (!session || session.info.readOnlyQueue) return NO_WORK;
  const running = session.runs.running.length;
  return {
    running,
    waiting: session.runs.active.length - running,
    imports: session.datasets.imports.length,
  };
}
