import { expect, it } from 'vitest';
import type { StudyResult, SummaryRow } from '../../../../src/contract/results/result.ts';
import {
  datasetMark,
  resultOn,
  resultsByDataset,
  testedNames,
} from '../../../../src/contract/results/tested.ts';

const split = (test: number) => ({ by: 'random', train: 9, validation: 0, test, disjoint: true as const });
const row = (dataset: string) =>
  ({ dataset, labels: 10, metric: 'accuracy', arms: {}, difference: null }) as SummaryRow;
const efficiency = { baseline: [], seeds: 3, points: [] };
const both = {
  study: 's',
  results: [{ dataset: 'a' }, { dataset: 'b' }],
  summary: [row('a'), row('b'), { ...row('a'), labels: 20 }],
  split: split(5),
  weightedBy: 'weight',
  labelEfficiency: efficiency,
  datasets: [
    { dataset: 'a', split: split(5), weightedBy: 'weight', labelEfficiency: efficiency },
    { dataset: 'b', split: split(7) },
  ],
} as unknown as StudyResult;

it('gives each dataset its own rows, split, weights and worth of labels', () => {
  expect(testedNames(both)).toEqual(['a', 'b']);
  const [a, b] = resultsByDataset(both) as [StudyResult, StudyResult];
  expect([a.summary.length, a.results.length, a.split.test, a.weightedBy]).toEqual([2, 1, 5, 'weight']);
  expect([b.summary.length, b.results.length, b.split.test]).toEqual([1, 1, 7]);
  // The first's are not those of the second.
  expect(b).not.toHaveProperty('weightedBy');
  expect(b).not.toHaveProperty('labelEfficiency');
  expect(resultOn(both, 'b')).toEqual(b);
  expect(datasetMark(both, row('b'))).toBe('b, ');
});

it('leaves a result of one dataset, and one of earlier versions, as it is', () => {
  const { datasets: _datasets, ...earlier } = { ...both, summary: [row('a')] };
  expect(resultsByDataset(earlier)).toEqual([earlier]);
  expect(resultsByDataset({ ...earlier, summary: [] })).toHaveLength(1);
  expect(datasetMark(earlier, row('a'))).toBe('');
  expect(resultOn(earlier, 'a').weightedBy).toBe('weight');
});
