import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ServiceNotice } from '../../../src/contract/messages/host.ts';
import type { ParentChannel } from '../../../src/host/parent-channel.ts';
import { getRun, openProject, readLease, updateRun } from '../../../src/project/index.ts';
import { serve, startService } from '../../../src/service/serve.ts';
import type { ServiceOptions } from '../../../src/service/options.ts';
import { addRun, addStudy, temporaryFolder, temporaryProject, willClose } from '../../fixtures/projects.ts';
import { playedHost, until } from '../../fixtures/workplaces.ts';
import { waitingStudy } from '../../fixtures/waiting-studies.ts';

/** Two looks at where the project lies. */
const LOOKS_MS = 4_000;
const FAULTS = ['uncaughtException', 'unhandledRejection', 'SIGTERM'] as const;

/** Serves to a parent that the test plays, which goes away at the end. */
function served(options: Partial<ServiceOptions>) {
  const notices: ServiceNotice[] = [];
  const closing: (() => unknown)[] = [];
  const before = FAULTS.map((fault) => process.rawListeners(fault as 'SIGTERM'));
  const channel = {
    send: (notice: ServiceNotice) => void notices.push(notice),
    onMessage: () => () => {},
    onPort: () => {},
    onClose: (listener: () => unknown) => void closing.push(listener),
  } as unknown as ParentChannel;
  const close = () => Promise.all(closing.splice(0).map((listener) => listener()));
  onTestFinished(async () => {
    await close();
    FAULTS.forEach((fault, at) => {
      for (const listener of process.rawListeners(fault as 'SIGTERM'))
        if (!before[at]!.includes(listener)) process.off(fault, listener as () => void);
    });
  });
  serve(channel, playedHost().host, {
    folder: join(temporaryFolder(), 'cells.pretext'),
    createName: null,
    repair: false,
    queue: 'off',
    programVersion: '0.0.0',
    ...options,
  });
  return { notices, close };
}

it('makes a project, by the name of its folder where none is said, and says that it is ready', async () => {
  const folder = join(temporaryFolder(), 'cells.pretext');
  const { notices, close } = served({ folder, createName: '' });
  expect(notices).toEqual([{ type: 'ready', name: 'cells', directory: folder }]);
  await close();
  const named = served({ createName: 'Heart cells' });
  expect(named.notices).toMatchObject([{ type: 'ready', name: 'Heart cells' }]);
  // What was made can be opened, also to be repaired first.
  expect(served({ folder, repair: true }).notices).toMatchObject([
    { type: 'ready', name: 'cells', repair: {} },
  ]);
});

it('says once why it cannot serve', () => {
  const { notices } = served({});
  expect(notices).toMatchObject([{ type: 'failed', failure: { code: 'project.missing' } }]);
});

it('says that it has lost its project where the folder is gone, and ends', async () => {
  const project = temporaryProject();
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  onTestFinished(() => exit.mockRestore());
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { notices } = served({ folder: project.folder });
  const moved = `${project.folder}-moved`;
  renameSync(project.folder, moved);
  vi.advanceTimersByTime(LOOKS_MS);
  await until(() => exit.mock.calls.length > 0);
  renameSync(moved, project.folder);
  expect(notices.at(-1)).toMatchObject({ type: 'lost', failure: { place: project.folder } });
  expect(exit).toHaveBeenCalledWith(1);
});

it('goes on with what waits where it owns the queue, and gives the queue back at its end', async () => {
  const { project } = waitingStudy();
  const { host, trainers } = playedHost();
  const service = startService(willClose(openProject(project.folder)), host, 'on');
  expect(readLease(project)).not.toBeNull();
  expect(service.actions.describe().readOnlyQueue).toBe(false);
  await until(() => trainers.some(({ heard }) => heard.some(({ type }) => type === 'start')));
  const second = startService(willClose(openProject(project.folder)), playedHost().host, 'on');
  expect(second.actions.describe().readOnlyQueue).toBe(true);
  await second.close();
  const closed = Promise.all([service.close(), service.close()]);
  for (const trainer of trainers) trainer.end();
  await closed;
  expect(readLease(project)).toBeNull();
});

it('finds what ran when its last owner died interrupted, and starts nothing where it is not to', async () => {
  const project = temporaryProject();
  const run = addRun(project, addStudy(project));
  updateRun(project, run.id, { status: 'running' });
  const { host, trainers } = playedHost();
  const looking = startService(willClose(openProject(project.folder)), host, 'off');
  expect([getRun(project, run.id).run.status, readLease(project)]).toEqual(['running', null]);
  await looking.close();
  const owning = startService(willClose(openProject(project.folder)), host, 'on');
  expect(getRun(project, run.id).run.status).toBe('interrupted');
  await owning.close();
  expect(trainers).toEqual([]);
});
