import { expect, it } from 'vitest';
import {
  costWords,
  divisionOf,
  foldCost,
  foldProblem,
  levelsOf,
  secondsOf,
  type FoldDraft,
} from '../../../../../renderer/lib/forms/folds.ts';
import type { Dataset, Run } from '../../../../../src/contract/entities.ts';

const participant = { name: 'participant', groups: 5 };
const draft: FoldDraft = { by: 'participant', parts: null, excluded: [] };

it('offers the columns that groups come from before the groups, and nothing without groups', () => {
  const split = { groups: 15, levels: [participant] } as Dataset['split'];
  expect(levelsOf({ split })).toEqual([participant, { name: 'group', groups: 15 }]);
  expect(levelsOf({ split: { ...split, groups: 0 } })).toEqual([]);
  expect(levelsOf(undefined)).toEqual([]);
});

it('becomes what a recipe’s data say, with the names that were chosen', () => {
  expect(divisionOf(null)).toEqual({});
  expect(divisionOf({ ...draft, parts: 3, excluded: ['P3'] })).toEqual({
    folds: { by: 'participant', count: 3, validation: 0.2, seed: 1 },
    exclude: [{ by: 'participant', groups: ['P3'] }],
  });
  expect(divisionOf(draft)).toMatchObject({ folds: { count: 'each' } });
});

it('counts folds, and says what they cost by what earlier runs took', () => {
  const cost = foldCost({ ...draft, excluded: ['P1'] }, participant, { pretrainings: 1, runs: 2 });
  expect(cost).toEqual({ folds: 4, pretrainings: 1, runs: 2 });
  const run = (kind: Run['kind'], seconds: number, status: Run['status'] = 'done') => ({
    kind,
    seconds,
    status,
  });
  // Four times (100 + 2 × 10) seconds; what did not end says nothing.
  const earlier = [run('pretext', 100), run('finetune', 5), run('finetune', 15), run('pretext', 9, 'failed')];
  expect(secondsOf(cost, earlier)).toBe(480);
  expect(secondsOf(cost, [run('finetune', 5)])).toBeNull();
  expect(costWords(draft, cost, 480)).toBe(
    'Leave one participant out: 4 folds, each with 1 pretraining and 2 runs of fine-tuning of its own: 12 runs, about 8 min as earlier runs took. Pretraining never sees the groups that are tested.',
  );
  expect(costWords(draft, cost, null)).toContain(': 12 runs. Pretraining');
});

it('says why it cannot be started', () => {
  const cost = (folds: number) => ({ folds, pretrainings: 1, runs: 1 });
  expect(foldProblem(draft, cost(2))).toMatch(/At least 3 groups/);
  expect(foldProblem(draft, cost(3))).toBeNull();
  expect(foldProblem({ ...draft, parts: 1 }, cost(3))).toMatch(/from 2 to 100/);
  expect(foldProblem({ ...draft, parts: 2.5 }, cost(3))).toMatch(/whole number/);
});
