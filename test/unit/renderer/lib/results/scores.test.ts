import { expect, it } from 'vitest';
import { runScores, studyAnswers } from '../../../../../renderer/lib/results/scores.ts';
import type { MetricPoint, Run, Study } from '../../../../../src/contract/entities.ts';
import type { StudyResult } from '../../../../../src/contract/results/result.ts';

const study = { id: 'study' } as Study;
const run = (values: Partial<Run>) =>
  ({ id: 'run', studyId: 'study', kind: 'pretext', arm: null, datasets: ['cells'], ...values }) as Run;
const point = (values: object) => ({ step: 1, values }) as unknown as MetricPoint;
const resultOf = (metric: string, mean: number) =>
  ({
    summary: [
      {
        dataset: 'cells',
        metric,
        budget: { perClass: 10 },
        arms: { baseline: { mean: 0.8123 } },
        difference: { of: ['pretrained', 'baseline'], mean, low: 0, high: 1 },
      },
    ],
  }) as unknown as StudyResult;

it('gives a pretext run its last probe, or its loss where none was asked', () => {
  const scoreOf = (curve: MetricPoint[]) =>
    runScores(
      [run({})],
      [study],
      () => undefined,
      () => curve,
    ).get('run');
  expect(scoreOf([point({ loss: 2, knnAccuracy: 0.5 }), point({ loss: 1.234 })])).toBe('50.0 % kNN');
  expect(scoreOf([point({ loss: 1.234 })])).toBe('loss 1.23');
  expect(scoreOf([])).toBeUndefined();
});

it('gives a fine-tuning run the test score of its arm at its own budget', () => {
  const scoreOf = (budget: Run['budget']) =>
    runScores(
      [run({ kind: 'finetune', arm: 'baseline', budget })],
      [study],
      () => resultOf('accuracy', 0),
      () => [],
    ).get('run');
  expect(scoreOf({ perClass: 10 })).toBe('81.2 % test');
  expect(scoreOf({ perClass: 50 })).toBeUndefined();
});

it('gives each run the score on its own dataset, and names that where several are tested', () => {
  const both = resultOf('accuracy', 0.1);
  const [first] = both.summary;
  both.summary.push({ ...first!, dataset: 'others', arms: { baseline: { mean: 0.25 } } } as typeof first &
    object);
  const scores = runScores(
    [
      run({ id: 'a', kind: 'finetune', arm: 'baseline', budget: { perClass: 10 } }),
      run({ id: 'b', kind: 'finetune', arm: 'baseline', budget: { perClass: 10 }, datasets: ['others'] }),
    ],
    [study],
    () => both,
    () => [],
  );
  expect([...scores.values()]).toEqual(['81.2 % on cells', '25.0 % on others']);
  expect(studyAnswers([study], () => both).get('study')).toBe('+10.0 points on cells');
});

it('says nothing of runs whose study is not shown', () => {
  expect(
    runScores(
      [run({})],
      [],
      () => undefined,
      () => [point({ loss: 1 })],
    ).size,
  ).toBe(0);
});

it('answers a study with the signed difference, in points or in the unit of the error', () => {
  const answer = (metric: string, mean: number) =>
    studyAnswers([study], () => resultOf(metric, mean)).get('study');
  expect(answer('accuracy', 0.032)).toBe('+3.2 points');
  expect(answer('accuracy', -0.032)).toBe('−3.2 points');
  expect(answer('rmse', -0.5)).toMatch(/^−0\.500 /);
  expect(studyAnswers([study], () => undefined).size).toBe(0);
});
