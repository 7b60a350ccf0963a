import { expect, it } from 'vitest';
import type { Failure } from '../../../../src/contract/errors.ts';
import { getRun, registerCheckpoint, updateRun } from '../../../../src/project/index.ts';
import type { Ending } from '../../../../src/service/runs/attempt.ts';
import { checkpointBytes, settle } from '../../../../src/service/runs/settle.ts';
import { addRun, addStudy, temporaryProject } from '../../../fixtures/projects.ts';
import { workplaceOf } from '../../../fixtures/workplaces.ts';

const exit = { code: null, signal: 'SIGKILL', lastOutput: '' };
const note = (step: number, bytes: number) => ({
  kind: 'last' as const,
  step,
  epoch: 0,
  bytes,
  sha256: '0'.repeat(64),
  score: null,
  file: `run-last-${step}.safetensors`,
});

function running(change: Parameters<typeof updateRun>[2] = {}) {
  const project = temporaryProject();
  const { id } = addRun(project, addStudy(project));
  updateRun(project, id, { status: 'running', ...change });
  const asked: number[] = [];
  const room = {
    isShort: () => false,
    waitFor: (failure: Failure, bytes: number) => (asked.push(bytes), { ...failure, remedy: 'Free some.' }),
    stopWaiting: () => {},
    close: () => {},
  };
  const end = (ending: Ending) => {
    settle(workplaceOf(project), room, id, ending);
    return getRun(project, id);
  };
  return { project, id, end, asked };
}
const failed = (code: string): Ending => ({
  kind: 'failed',
  failure: { code, message: 'So.' },
  resumedFrom: null,
});

it.each(['done', 'paused', 'cancelled'] as const)('a run that ends as %s is so', (kind) => {
  expect(running().end({ kind }).run.status).toBe(kind);
});

it('a run that was cancelled meanwhile stays so, whatever its trainer said last', () => {
  expect(running({ status: 'cancelled' }).end({ kind: 'done' }).run.status).toBe('cancelled');
});

it('a trainer that died is started again, three times', () => {
  expect(running({ restarts: 2 }).end({ kind: 'died', exit })).toMatchObject({
    run: { status: 'interrupted' },
    restarts: 3,
  });
  const { run } = running({ restarts: 3 }).end({ kind: 'died', exit });
  expect(run.status).toBe('failed');
  expect(run.failure!.remedy).toContain('smaller batch size');
});

it('a failure that may pass pauses the run, any other ends it', () => {
  expect(running().end(failed('training.diverged')).run.status).toBe('failed');
  const { end, asked, project, id } = running();
  registerCheckpoint(project, id, note(1, 500));
  const { run } = end(failed('disk.full'));
  expect(run).toMatchObject({ status: 'paused', failure: { code: 'disk.full', remedy: 'Free some.' } });
  // The new checkpoint is written before the old one goes: there must be room for both.
  expect(asked).toEqual([1000]);
});

it('asks for no room where nothing was written yet', () => {
  const { project, id } = running();
  expect(checkpointBytes(project, id)).toBe(0);
});
