/** A project's service: opens the project, takes or watches its queue, and answers the contract. */
import { RPCHandler } from '@orpc/server/message-port';
import { toFailure } from '../contract/errors.ts';
import type { ProcessHost, ServiceNotice } from '../contract/host.ts';
import type { ParentChannel } from '../host/parent-channel.ts';
import {
  closeProject,
  createProject,
  defaultProjectName,
  openProject,
  readProject,
  type WritableProject,
} from '../project/index.ts';
import { answerRequests, createActions, type Actions } from './requests.ts';
import { createEvents } from './events.ts';
import { router } from './handlers/router.ts';
import { createImports } from './datasets/imports.ts';
import { openLog } from './log.ts';
import { seekOwnership, type Ownership } from './ownership.ts';
import { createPreviews } from './trainers/questions.ts';
import { createQueue, type Queue } from './runs/queue.ts';
import { tellChanges, interruptAll } from './studies/transitions.ts';
import { createRemovals } from './removals.ts';
import { describeProject, type Workplace } from './workplace.ts';
import { importForStudy, studiesToImport } from './studies/start.ts';
import { watchProject } from './watcher.ts';
import type { ServiceOptions } from './options.ts';

const REQUESTS_MS = 500;

/** Serves until the parent is gone. Says `ready` or `failed` once. */
export function serve(channel: ParentChannel, host: ProcessHost, options: ServiceOptions): void {
  const notify = (notice: ServiceNotice) => channel.send(notice);
  try {
    const service = startService(openOrCreate(options), host, options.queue);
    const handler = new RPCHandler(router);
    channel.onPort((port) => handler.upgrade(port, { context: { actions: service.actions } }));
    channel.onClose(service.close);
    process.on('SIGTERM', () => void service.close().then(() => process.exit(0)));
    notify({ type: 'ready', name: readProject(service.project).name, directory: service.project.folder });
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (failure.code === 'internal') console.error(thrown);
    notify({ type: 'failed', failure });
  }
}

export interface Service {
  project: WritableProject;
  actions: Actions;
  close(): Promise<void>;
}

export function startService(project: WritableProject, host: ProcessHost, queueMode: 'on' | 'off'): Service {
  const log = openLog(project.folder);
  const events = createEvents();
  const workplace: Workplace = { project, host, events, log };
  const imports = createImports(workplace);
  const previews = createPreviews(workplace);
  const removals = createRemovals(workplace);
  let queue: Queue | null = null;
  let ownership: Ownership | null = null;
  let closing: Promise<void> | null = null;
  const importing = new Set<string>();

  const wake = () => {
    if (!queue) return;
    queue.poke();
    for (const studyId of studiesToImport(project).filter((id) => !importing.has(id))) {
      importing.add(studyId);
      void importForStudy(workplace, imports, studyId).finally(() => {
        importing.delete(studyId);
        queue?.poke();
      });
    }
  };
  const tellProject = () =>
    events.publish({ type: 'project', project: describeProject(project, !ownership?.isOwner()) });
  const listener = {
    onGained() {
      log.info('this service runs the queue');
      removals.purge().catch((error: unknown) => log.error({ err: error }, 'tidying up failed'));
      tellChanges(workplace, interruptAll(project));
      queue = createQueue(workplace);
      // Not before the caller has the ownership in its hands.
      setImmediate(() => {
        if (closing) return;
        tellProject();
        wake();
      });
    },
    onLost() {
      log.warn('another service runs the queue now');
      queue?.abandon();
      queue = null;
      tellProject();
    },
  };
  if (queueMode === 'on') ownership = seekOwnership(project, listener);
  const watcher = watchProject(workplace, () => queue !== null, wake);
  let answering: Promise<void> | null = null;
  const answerer = setInterval(() => {
    if (!queue || answering) return;
    answering = answerRequests(workplace, queue).finally(() => (answering = null));
  }, REQUESTS_MS);

  const close = async () => {
    clearInterval(answerer);
    watcher.close();
    previews.close();
    removals.close();
    await Promise.all([imports.close(), queue?.close()]);
    ownership?.close();
    events.close();
    log.info('service ended');
    closeProject(project);
  };
  const parts = {
    workplace,
    imports,
    previews,
    removals,
    ownership: () => ownership,
    queue: () => queue,
    wake,
  };
  return { project, actions: createActions(parts), close: () => (closing ??= close()) };
}

function openOrCreate({ folder, createName, programVersion }: ServiceOptions): WritableProject {
  if (createName === null) return openProject(folder);
  return createProject(folder, createName || defaultProjectName(folder), programVersion);
}
