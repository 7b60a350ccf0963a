import { expect, it } from 'vitest';
import { isOver } from '../../../../src/cli/session/follow.ts';
import type { Run } from '../../../../src/contract/entities.ts';

const run = (status: Run['status'], code?: string) =>
  ({ status, failure: code ? { code, message: 'So.' } : null }) as Run;

it('stays with a run as long as something more comes of it by itself', () => {
  const are = (...runs: Run[]) => runs.map(isOver);
  expect(are(run('queued'), run('running'), run('interrupted'))).toEqual([false, false, false]);
  expect(are(run('done'), run('failed'), run('cancelled'))).toEqual([true, true, true]);
  // Paused by a person it stays so; one that waits for room goes on by itself.
  expect(are(run('paused'), run('paused', 'checkpoint.missing'), run('paused', 'disk.full'))).toEqual([
    true,
    true,
    false,
  ]);
});
