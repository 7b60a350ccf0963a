import { expect, it } from 'vitest';
import {
  foldCopiesSentence,
  foldScores,
  testedWords,
  type StudyFold,
} from '../../../../src/contract/results/folds.ts';

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

it('says what became of copies of held-out samples', () => {
  const of = (...copies: ({ leftOut: number; heldOut: number } | undefined)[]) =>
    foldCopiesSentence(copies.map((one) => (one ? { copies: one } : {})));
  const none = { leftOut: 0, heldOut: 0 };
  expect(of(none, none)).toContain('No training sample of a fold is a copy');
  expect(of(none, { leftOut: 3, heldOut: 2 })).toContain(
    '3 training samples were left out: copies, or nearly so, of 2',
  );
  expect(of(none, undefined)).toContain('Nobody has looked');
});

it('names whom a fold tests, or counts them', () => {
  expect(testedWords(fold(1), 'participant')).toBe('participant P1');
  expect(testedWords(fold(1, ['a', 'b', 'c']), 'site')).toBe('sites a, b and c');
  expect(testedWords(fold(1, ['a', 'b', 'c', 'd', 'e']), 'site')).toBe('5 sites');
  expect(testedWords({ test: { groups: 12 } }, 'site')).toBe('12 sites');
});
