/** What a fine-tuned model says of itself: in its checkpoint, and as a kept model. */
import { answersNames } from '../../../contract/data/target.ts';
import type { SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import type { ResultRow } from '../../../contract/results/result.ts';
import { believableTemperature } from '../../../contract/results/temperature.ts';
import { conformalIntervals } from '../../../learning/evaluation/predictions/conformal.ts';
import { areSeveral, countOf, rowsKnown } from '../../../learning/evaluation/metrics/several.ts';
import type { FinetuneInputs } from '../../inputs.ts';
import type { ModelFacts } from '../../models/keep.ts';
import type { SplitScores } from '../scores/scores.ts';
import type { ArmTraining, SeedPlan } from './seed-plan.ts';

export function modelDescription(
  { job, channelStatistics }: ArmTraining,
  { scales }: Pick<SeedPlan, 'scales'>,
  { seed, calibration }: Pick<ResultRow, 'seed' | 'calibration'>,
): Record<string, unknown> {
  const { encoder, modality, inputShape, target, dataset, arm } = job;
  return {
    stage: 'finetune',
    arm,
    seed,
    encoder,
    modality,
    inputShape,
    target,
    classNames: dataset.classNames,
    channelStatistics,
    // What the head answers, times the deviation, plus the mean, is a number in its own unit.
    ...(scales && (target === 'number' ? { targetScale: scales[0]! } : { targetScales: scales })),
    // Divides the logits for probabilities that can be believed.
    ...(calibration && { temperature: calibration.temperature }),
  };
}

/** Levels of the intervals around predicted numbers, the first of which is shown. */
const INTERVAL_LEVELS = [0.9, 0.8, 0.95];

/** Around predicted numbers, by the errors on validation samples; none around classes. */
export function intervalsOf(
  { target }: Pick<FinetuneInputs, 'target'>,
  { answers }: SplitScores,
): ModelFacts['intervals'] {
  if (answersNames(target)) return [];
  if (!areSeveral(answers)) return conformalIntervals(answers.predictions, answers.targets, INTERVAL_LEVELS);
  const { truths, answers: given, width } = answers;
  return Array.from({ length: width }, (_, at) => {
    const places = rowsKnown(answers, at).map((row) => row * width + at);
    const taken = (list: ArrayLike<number>) => Float64Array.from(places, (place) => list[place]!);
    const found = conformalIntervals(taken(given), taken(truths), INTERVAL_LEVELS);
    return found.map((interval) => ({ ...interval, target: at }));
  }).flat();
}

export const scoreWith = ({ score, answers }: SplitScores) => ({ score, samples: countOf(answers) });

/** What a kept model says of itself beside what its job knows. */
export function factsOf(
  { job, channelStatistics }: ArmTraining,
  { labels, calibration }: ResultRow,
  scores: Record<keyof typeof SPLIT_CODE, SplitScores>,
): ModelFacts {
  return {
    channelStatistics,
    temperature: believableTemperature(calibration?.temperature ?? null),
    intervals: intervalsOf(job, scores.validation),
    labels,
    splits: ['train'],
    made: null,
    scores: {
      metric: job.metric,
      train: scoreWith(scores.train),
      validation: scoreWith(scores.validation),
      test: scoreWith(scores.test),
    },
  };
}
