import { expect, it } from 'vitest';
import { stagesOf } from '../../../../../renderer/lib/project/stages.ts';
import type { Run } from '../../../../../src/contract/entities.ts';

const pretextOf = (...statuses: Run['status'][]) => {
  const runs = statuses.map((status) => ({ kind: 'pretext', status, checkpointId: null }) as Run);
  const { state, note } = stagesOf({ datasets: [], imports: [], runs, studies: [] })[1]!;
  return `${state}: ${note}`;
};

it.each([
  [['queued', 'running'], 'running: running'],
  [['queued', 'done', 'done'], 'ready: 2 runs'],
  [['failed', 'interrupted'], 'missing: waiting'],
  [['failed', 'paused'], 'missing: paused'],
  [['failed'], 'failed: failed'],
  [[], 'missing: not yet'],
] as [Run['status'][], string][])('the stage of runs that are %j is %s', (statuses, told) => {
  expect(pretextOf(...statuses)).toBe(told);
});
