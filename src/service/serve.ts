/** A project's service: opens the project, takes or watches its queue, and answers the contract. */
import { RPCHandler } from '@orpc/server/message-port';
import { PretextError, toFailure } from '../contract/errors.ts';
import type { ProcessHost, ServiceNotice } from '../contract/messages/host.ts';
import { reportError } from '../host/crash-watch.ts';
import type { ParentChannel } from '../host/parent-channel.ts';
import {
  closeProject,
  createProject,
  defaultProjectName,
  openProject,
  readProject,
  repairProject,
  type WritableProject,
} from '../project/index.ts';
import { answerRequests, createActions, type Actions } from './requests.ts';
import { createEvents } from './workplace/events.ts';
import { router } from './handlers/router.ts';
import { createImports } from './datasets/imports.ts';
import { createRecordings } from './datasets/recordings.ts';
import { openLog } from './workplace/log.ts';
import { seekOwnership, type Ownership } from './surroundings/ownership.ts';
import { createQuestions } from './trainers/questions.ts';
import { createQueue, type Queue } from './runs/queue.ts';
import { tellChanges, interruptAll } from './studies/transitions.ts';
import { createRemovals } from './removals.ts';
import { describeProject, type Workplace } from './workplace/workplace.ts';
import { createPreparations } from './studies/preparations.ts';
import { createGuard, type Guard } from './workplace/guard.ts';
import { createRoom } from './workplace/room.ts';
import { watchPlace } from './surroundings/place.ts';
import { watchProject, type Watcher } from './surroundings/watcher.ts';
import type { ServiceOptions } from './options.ts';

const REQUESTS_MS = 500;

/** Serves until the parent is gone. Says `ready` or `failed` once. */
export function serve(channel: ParentChannel, host: ProcessHost, options: ServiceOptions): void {
  const notify = (notice: ServiceNotice) => channel.send(notice);
  try {
    const repair = options.repair ? repairProject(options.folder, options.programVersion) : undefined;
    const service = startService(openOrCreate(options), host, options.queue);
    const place = watchPlace(service.project, (failure) => {
      notify({ type: 'lost', failure });
      void service.close().finally(() => process.exit(1));
    });
    const handler = new RPCHandler(router);
    channel.onPort((port) => handler.upgrade(port, { context: { actions: service.actions } }));
    channel.onClose(() => (place.close(), service.close()));
    // A fault of the program must not take the queue with it: what is running is worth more than a clean end.
    for (const fault of ['uncaughtException', 'unhandledRejection'])
      process.on(fault, (thrown: unknown) => {
        if (!(thrown instanceof PretextError)) reportError('service', thrown);
        service.guard('something went wrong that nobody waited for', () => {
          throw thrown;
        });
      });
    process.on('SIGTERM', () => void service.close().then(() => process.exit(0)));
    const { name } = readProject(service.project);
    notify({ type: 'ready', name, directory: service.project.folder, ...(repair && { repair }) });
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (failure.code === 'internal') console.error(thrown);
    notify({ type: 'failed', failure });
  }
}

export interface Service {
  project: WritableProject;
  actions: Actions;
  guard: Guard;
  close(): Promise<void>;
}

export function startService(project: WritableProject, host: ProcessHost, queueMode: 'on' | 'off'): Service {
  const log = openLog(project.folder);
  const events = createEvents();
  const guard = createGuard(project, events, log);
  const workplace: Workplace = { project, host, events, log, guard };
  const imports = createImports(workplace);
  const recordings = createRecordings(project);
  const questions = createQuestions(workplace);
  const removals = createRemovals(workplace);
  let queue: Queue | null = null;
  let ownership: Ownership | null = null;
  let closing: Promise<void> | null = null;
  const wake = () => {
    if (!queue) return;
    queue.poke();
    preparations.begin();
  };
  const room = createRoom({
    folder: project.folder,
    guard,
    onRoom() {
      queue?.goOn();
      wake();
    },
  });
  const preparations = createPreparations(workplace, { imports, room, onReady: () => queue?.poke() });
  const tellProject = () =>
    events.publish({ type: 'project', project: describeProject(project, !ownership?.isOwner()) });
  const listener = {
    onGained() {
      log.info('this service runs the queue');
      guard('tidying up failed', removals.purge);
      tellChanges(workplace, interruptAll(project));
      preparations.hold();
      const gained = createQueue(workplace, room, preparations);
      queue = gained;
      // Not before the caller has the ownership in its hands.
      setImmediate(() => {
        if (closing) return;
        guard('the queue could not be begun', () => {
          tellProject();
          gained.goOn();
          wake();
        });
      });
    },
    onLost() {
      log.warn('another service runs the queue now');
      queue?.abandon();
      queue = null;
      tellProject();
    },
  };
  let watcher: Watcher;
  try {
    if (queueMode === 'on' && !project.readOnly) ownership = seekOwnership(project, guard, listener);
    watcher = watchProject(workplace, () => queue !== null, wake);
  } catch (error) {
    // Nothing goes on behind a project that could not be opened after all.
    closing = Promise.resolve();
    ownership?.close();
    void imports.close();
    questions.close();
    removals.close();
    room.close();
    preparations.close();
    closeProject(project);
    throw error;
  }
  let answering: Promise<void> | null = null;
  const answerer = setInterval(() => {
    if (!queue || answering) return;
    const answered = answerRequests(workplace, queue).finally(() => (answering = null));
    answering = answered;
    guard('requests of other processes could not be answered', () => answered);
  }, REQUESTS_MS);

  const close = async () => {
    clearInterval(answerer);
    watcher.close();
    questions.close();
    removals.close();
    room.close();
    preparations.close();
    await Promise.all([imports.close(), recordings.close(), queue?.close()]);
    ownership?.close();
    events.close();
    log.info('service ended');
    closeProject(project);
  };
  const parts = {
    workplace,
    imports,
    recordings,
    questions,
    removals,
    ownership: () => ownership,
    queue: () => queue,
    wake,
  };
  return { project, guard, actions: createActions(parts), close: () => (closing ??= close()) };
}

function openOrCreate({ folder, createName, programVersion }: ServiceOptions): WritableProject {
  if (createName === null) return openProject(folder);
  return createProject(folder, createName || defaultProjectName(folder), programVersion);
}
