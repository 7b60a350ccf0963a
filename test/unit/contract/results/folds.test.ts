import { expect, it } from 'vitest';
import { foldScores, testedWords, type StudyFold } from '../../../../src/contract/results/folds.ts';

const fold = (number: number, names: string[] = [`P${number}`]): StudyFold => ({
  number,
  train: { groups: 3 },
  validation: { groups: 1 },
  test: { groups: names.length, names },
  sha256: 'hash',
  samples: null,
  disjoint: null,
});
const folds = { by: 'participant', words: 'leave one participant out', folds: [fold(1), fold(2)] };
const row = (number: number, arm: 'pretrained' | 'baseline', test: number, perClass = 5) => ({
  arm,
  fold: number,
  test,
  budget: { perClass },
});

it('tells the mean over the seeds of each fold, and how much better pretraining is', () => {
  const results = [
    row(1, 'pretrained', 0.75),
    row(1, 'pretrained', 0.25),
    row(1, 'baseline', 0.25),
    row(2, 'baseline', 0.5),
    row(1, 'baseline', 0.99, 20),
  ];
  const [one, two] = foldScores({ folds, results }, { budget: { perClass: 5 }, metric: 'accuracy' });
  expect(one).toMatchObject({ number: 1, arms: { pretrained: 0.5, baseline: 0.25 }, difference: 0.25 });
  expect(two).toMatchObject({ number: 2, arms: { baseline: 0.5 }, difference: null });
  // A smaller error is better.
  expect(foldScores({ folds, results }, { budget: { perClass: 5 }, metric: 'rmse' })[0]!.difference).toBe(
    -0.25,
  );
  expect(foldScores({ results }, { metric: 'accuracy' })).toEqual([]);
});

it('names whom a fold tests, or counts them', () => {
  expect(testedWords(fold(1), 'participant')).toBe('participant P1');
  expect(testedWords(fold(1, ['a', 'b', 'c']), 'site')).toBe('sites a, b and c');
  expect(testedWords(fold(1, ['a', 'b', 'c', 'd', 'e']), 'site')).toBe('5 sites');
  expect(testedWords({ test: { groups: 12 } }, 'site')).toBe('12 sites');
});
