import { expect, it } from 'vitest';
import {
  factsOf,
  intervalsOf,
  modelDescription,
} from '../../../../../src/training/finetune/seeds/model-facts.ts';
import type { ArmTraining } from '../../../../../src/training/finetune/seeds/seed-plan.ts';
import type { SplitScores } from '../../../../../src/training/finetune/scores/scores.ts';
import type { ResultRow } from '../../../../../src/contract/results/result.ts';

const channelStatistics = { mean: [1], standardDeviation: [2] };
const armOf = (target: string, classNames: string[] = []) =>
  ({
    job: {
      target,
      metric: 'rmse',
      arm: 'baseline',
      encoder: {},
      modality: 'table',
      inputShape: [3],
      dataset: { classNames },
    },
    channelStatistics,
  }) as unknown as ArmTraining;
const scale = (mean: number) => ({ mean, deviation: 2 });
/** Nine answers that are wrong by 1 to 9. */
const scores = {
  score: 5,
  metrics: {},
  answers: { targets: new Float64Array(9), predictions: [1, 2, 3, 4, 5, 6, 7, 8, -9], classCount: 0 },
} satisfies SplitScores;

it('puts intervals around numbers by the errors on validation samples, for the levels that so few can tell', () => {
  // The ninth of nine errors holds nine of ten new ones; for 95 of 100 nineteen samples would be needed.
  expect(intervalsOf({ target: 'number' }, scores)).toEqual([
    { level: 0.9, halfWidth: 9 },
    { level: 0.8, halfWidth: 8 },
  ]);
  expect(intervalsOf({ target: 'classes' }, scores)).toEqual([]);
});

it('gives each of several numbers intervals of its own, from the rows where it is known', () => {
  const truths = Float32Array.from({ length: 18 }, (_, i) => (i === 1 ? NaN : 0));
  const answers = {
    target: 'numbers' as const,
    width: 2,
    truths,
    answers: Float32Array.from({ length: 18 }, (_, i) => i),
  };
  const found = intervalsOf({ target: 'numbers' }, { ...scores, answers } as SplitScores);
  expect(found).toEqual([
    { level: 0.9, halfWidth: 16, target: 0 },
    { level: 0.8, halfWidth: 14, target: 0 },
    { level: 0.8, halfWidth: 17, target: 1 },
  ]);
});

it('says how numbers are brought back to their unit, and by what logits are divided', () => {
  const row = { seed: 2 } as ResultRow;
  expect(modelDescription(armOf('number'), { scales: [scale(7)] }, row)).toMatchObject({
    targetScale: scale(7),
    seed: 2,
  });
  expect(modelDescription(armOf('numbers', ['a', 'b']), { scales: [scale(1), scale(2)] }, row)).toMatchObject(
    {
      targetScales: [scale(1), scale(2)],
    },
  );
  const calibrated = { seed: 2, calibration: { temperature: 1.25 } } as ResultRow;
  expect(modelDescription(armOf('classes', ['a']), { scales: null }, calibrated)).toMatchObject({
    temperature: 1.25,
  });
});

it('tells scores with how many samples each was measured on', () => {
  const facts = factsOf(armOf('number'), { labels: 12 } as ResultRow, {
    train: scores,
    validation: scores,
    test: scores,
  });
  expect(facts.scores).toEqual({
    metric: 'rmse',
    train: { score: 5, samples: 9 },
    validation: { score: 5, samples: 9 },
    test: { score: 5, samples: 9 },
  });
  expect(facts).toMatchObject({ labels: 12, splits: ['train'], temperature: null, made: null });
});
