import { expect, it } from 'vitest';
import { resultCsv } from '../../../../src/contract/results/csv.ts';

it('writes a line for every seed, empty where nothing is known, and quotes what would part a line', () => {
  const row = {
    arm: 'baseline' as const,
    dataset: 'cells, "new"',
    labels: 10,
    labelsPerClass: null,
    seed: 2,
    metric: 'accuracy' as const,
    test: 0.5,
    validation: 0.625,
    train: 1,
  };
  expect(resultCsv({ results: [row] })).toBe(
    'arm,dataset,labels,labelsPerClass,pretraining,seed,metric,test,validation,train,fold\r\n' +
      'baseline,"cells, ""new""",10,,,2,accuracy,0.5,0.625,1,\r\n',
  );
});
