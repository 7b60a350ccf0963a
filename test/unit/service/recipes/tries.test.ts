import { expect, it } from 'vitest';
import type { Run } from '../../../../src/contract/entities.ts';
import type { StoredRun } from '../../../../src/project/index.ts';
import { lostTries, pretrainingOf, triedBy } from '../../../../src/service/recipes/tries.ts';
import { finetuneConfig } from '../../../fixtures/run-configs.ts';

const settings = { learningRate: 0.01, weightDecay: 0 };
const attempt = (id: string, run: Partial<Run>, isTry = true): StoredRun =>
  ({
    run: { id, arm: 'baseline', budget: { perClass: 5 }, status: 'done', failure: null, ...run },
    config: finetuneConfig({ ...(isTry && { try: { settings, share: null } }) } as never),
  }) as unknown as StoredRun;
const diverged: Partial<Run> = { status: 'failed', failure: { code: 'training.diverged', message: '' } };

it('tells tries from other runs, and which pretraining a run starts from', () => {
  expect(triedBy(attempt('a', {}))).toEqual(settings);
  expect(triedBy(attempt('b', {}, false))).toBeNull();
  expect(pretrainingOf({ config: finetuneConfig({ pretraining: 2 }) })).toBe(2);
  expect(pretrainingOf({ config: finetuneConfig({}) })).toBeNull();
});

it('loses tries that diverged or were cancelled only while others of their arm and budget go on', () => {
  const other = { budget: { perClass: 10 } } as const;
  expect([
    ...lostTries([
      attempt('diverged', diverged),
      attempt('cancelled', { status: 'cancelled' }),
      attempt('good', {}),
      attempt('alone', { ...diverged, ...other }),
      attempt('broken', { status: 'failed', failure: { code: 'internal', message: '' } }),
      attempt('no try', diverged, false),
    ]),
  ]).toEqual(['diverged', 'cancelled']);
});
