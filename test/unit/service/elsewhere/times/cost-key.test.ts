import { expect, it } from 'vitest';
import type { RunConfig } from '../../../../../src/contract/recipe/run-config.ts';
import { listRunsOf } from '../../../../../src/project/index.ts';
import { costOf } from '../../../../../src/service/elsewhere/times/cost-key.ts';
import { waitingStudy } from '../../../../fixtures/waiting-studies.ts';

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
  const [few, all] = [baseline, { ...baseline, budget: 'all' } as RunConfig].map(costOf);
  expect(few!.key).not.toBe(all!.key);
  expect(few!.keyOfAnyBudget).toBe(all!.keyOfAnyBudget);
  expect(costOf({ ...baseline, seeds: [3, 4, 5] } as RunConfig)).toEqual({ ...few!, units: 3 });
  expect(costOf({ ...baseline, arm: 'knn-probe' } as RunConfig).keyOfAnyBudget).not.toBe(few!.keyOfAnyBudget);
});
