import { expect, it } from 'vitest';
import type { RunConfig } from '../../../../../src/contract/recipe/run-config.ts';
import { listRunsOf } from '../../../../../src/project/index.ts';
import { costOf as costOfAmounts } from '../../../../../src/service/elsewhere/times/cost-key.ts';
import { waitingStudy } from '../../../../fixtures/waiting-studies.ts';

const amounts = [{ id: 'one', labels: 0, samples: 60 }];
const costOf = (config: RunConfig) => costOfAmounts(config, amounts);

function configs() {
  const { project, study } = waitingStudy();
  return listRunsOf(project, study.id).map(({ config }) => config);
}
const changed = (config: RunConfig, part: 'pretext' | 'finetune', more: object): RunConfig =>
  ({ ...config, [part]: { ...(config as unknown as Record<string, object>)[part], ...more } }) as RunConfig;

it('is alike for runs that take as long, whatever their seeds, rates and weights', () => {
  const [pretext, pretrained, baseline] = configs();
  const cost = costOf(pretext!);
  expect(cost.units).toBe(1);
  expect(costOf(changed(pretext!, 'pretext', { seed: 7, learningRate: 0.5 }))).toEqual(cost);
  expect(costOf(changed(pretext!, 'pretext', { epochs: 40 }))).toEqual({ ...cost, units: 40 });
  for (const more of [
    { batchSize: 16 },
    { task: 'rotation' },
    { options: { views: 3 } },
    { linearProbe: true },
  ])
    expect(costOf(changed(pretext!, 'pretext', more)).key).not.toBe(cost.key);
  expect(costOf({ ...pretext!, encoder: { family: 'residual', options: { width: 8 } } }).key).not.toBe(
    cost.key,
  );
  // What it starts from makes no difference to a step.
  expect(costOf(pretrained!)).toEqual(costOf(baseline!));
  expect(costOf(baseline!).key).not.toBe(cost.key);
});

it('tells fine-tunings of more labels apart, and knows that they are alike but for that', () => {
  const baseline = configs()[2]!;
  const [few, all] = [baseline, { ...baseline, budget: 'all' } as RunConfig].map((config) => costOf(config));
  expect(few!.key).not.toBe(all!.key);
  expect(few!.keyOfAnyBudget).toBe(all!.keyOfAnyBudget);
  expect(costOf({ ...baseline, seeds: [3, 4, 5] } as RunConfig)).toEqual({ ...few!, units: 3 });
  expect(costOf({ ...baseline, arm: 'knn-probe' } as RunConfig).keyOfAnyBudget).not.toBe(few!.keyOfAnyBudget);
});

it('is another for other data under the same names, for more of them, and for other labels', () => {
  for (const config of configs()) {
    const { key, keyOfAnyBudget } = costOf(config);
    for (const change of [{ id: 'two' }, { labels: 1 }, { samples: 6000 }]) {
      const other = costOfAmounts(config, [{ ...amounts[0]!, ...change }]);
      expect([other.key === key, other.keyOfAnyBudget === keyOfAnyBudget]).toEqual([false, false]);
    }
    expect(costOfAmounts(config, [{ ...amounts[0]! }])).toEqual({ ...costOf(config) });
  }
});

it('is alike for the folds of a study, which train on more than a run without folds', () => {
  const [config] = configs();
  const folds = { by: 'participant', count: 10, validation: 1, seed: 0 };
  const folded = { ...config!, data: { ...config!.data, folds } } as RunConfig;
  const inFold = (number: number, of = folded) =>
    costOf({ ...of, fold: { number, of: 10, sha256: `${number}` } } as RunConfig).key;
  expect(inFold(1)).toBe(inFold(2));
  expect(inFold(1)).not.toBe(costOf(folded).key);
  const three = { ...folded, data: { ...folded.data, folds: { ...folds, count: 3 } } } as RunConfig;
  expect(inFold(1, three)).not.toBe(inFold(1));
});
