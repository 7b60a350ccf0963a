import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NotDone, UsageError, type Environment } from '../../../../src/cli/environment.ts';
import { isProject, projectFolder, withService } from '../../../../src/cli/session/session.ts';
import type { HostedExit, ProcessHost } from '../../../../src/contract/messages/host.ts';
import { createMultiplexer } from '../../../../src/host/envelopes.ts';
import { hostInside } from '../../../fixtures/command-line.ts';
import { temporaryFolder, temporaryProject } from '../../../fixtures/projects.ts';

describe('the project that is meant', () => {
  it('is the one named, else the present folder where that is one', () => {
    const { folder } = temporaryProject();
    const elsewhere = temporaryFolder();
    expect([isProject(folder), isProject(elsewhere)]).toEqual([true, false]);
    expect(projectFolder({ folder } as Environment, {})).toBe(folder);
    expect(projectFolder({ folder: elsewhere } as Environment, { project: 'a' })).toBe(join(elsewhere, 'a'));
    expect(() => projectFolder({ folder: elsewhere } as Environment, {})).toThrow(UsageError);
  });
});

it('gives what the work gave, and the failures of the service as errors', async () => {
  const { folder } = temporaryProject();
  const environment = { host: hostInside({}).host } as Environment;
  const name = await withService(
    environment,
    { folder },
    async (client) => (await client.project.get()).name,
  );
  expect(name).toBe('A');
  await expect(
    withService(environment, { folder }, (client) => client.run.get({ runId: 'none' })),
  ).rejects.toMatchObject({ failure: { code: 'run.missing' } });
});

describe('a service that ends while a command works', () => {
  /** Ready, and gone as soon as the work has begun. */
  function dying(exit: Partial<HostedExit>, notice?: unknown) {
    const inbox = createMultiplexer(() => {}, 0);
    const exited = Promise.withResolvers<HostedExit>();
    const host: ProcessHost = {
      start: () => ({
        send: () => {},
        onMessage: inbox.onMessage,
        onExit: (listener) => void exited.promise.then(listener),
        end: () => exited.resolve({ code: 0, signal: null, lastOutput: '', ...exit }),
        kill: () => {},
        openPort: inbox.openPort,
      }),
    };
    inbox.receive({ kind: 'message', data: { type: 'ready', name: 'A', directory: '/a' } });
    return withService({ host } as Environment, { folder: '/a' }, () => {
      if (notice) inbox.receive({ kind: 'message', data: notice });
      exited.resolve({ code: 0, signal: null, lastOutput: '', ...exit });
      return new Promise<never>(() => {});
    });
  }

  it('was asked to end, and what was running goes on later', async () => {
    await expect(dying({ code: 0 })).rejects.toThrow(NotDone);
    await expect(dying({ code: 0 })).rejects.toThrow(/^Paused: the program was asked to end/);
  });

  it('crashed', async () => {
    for (const [exit, how] of [
      [{ code: null, signal: 'SIGKILL' }, 'SIGKILL'],
      [{ code: 3 }, 'exit status 3'],
    ] as const)
      await expect(dying(exit)).rejects.toMatchObject({
        failure: { code: 'service.died', message: `The project's service ended unexpectedly (${how}).` },
      });
  });

  it('lost its project, and says so', async () => {
    const failure = { code: 'project.gone', message: 'The disk is gone.' };
    await expect(dying({ code: 1 }, { type: 'lost', failure })).rejects.toMatchObject({ failure });
  });
});
