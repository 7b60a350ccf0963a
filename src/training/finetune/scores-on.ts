/** Answers and scores of a downstream model, as a program holds it, on samples of the job. */
import type { FinetuneInputs } from '../inputs.ts';
import { runOverSamples } from '../samples/reader.ts';
import type { TargetScale } from './labels.ts';
import { classScoresOf, numberScoresOf, type SplitScores } from './scores.ts';
import type { ArmTraining } from './seed-plan.ts';

type Trained = Pick<ArmTraining, 'job' | 'program'>;

/** Row-major: [samples, classes] probabilities, or [samples] numbers in their own unit. */
export async function answersOn(
  { job, program }: Trained,
  indices: Int32Array,
  scale: TargetScale | null,
): Promise<Float32Array> {
  const { dataset } = job;
  const { values } = await runOverSamples({
    program,
    entry: 'predict',
    output: 'answers',
    dataset,
    indices,
  });
  return scale ? values.map((value) => value * scale.deviation + scale.mean) : values;
}

export async function scoresOn(
  arm: Trained,
  indices: Int32Array,
  scale: TargetScale | null,
): Promise<SplitScores> {
  return scoresOfAnswers(arm.job, indices, await answersOn(arm, indices, scale));
}

export function scoresOfAnswers(
  { dataset, metric, target }: FinetuneInputs,
  indices: Int32Array,
  values: ArrayLike<number>,
): SplitScores {
  return target === 'classes'
    ? classScoresOf(dataset, indices, values, metric)
    : numberScoresOf(dataset, indices, values, metric);
}
