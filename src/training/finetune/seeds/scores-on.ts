/** Answers and scores of a downstream model, as a program holds it, on samples of the job. */
import type { TargetScale } from '../../../contract/model/model.ts';
import { runOverSamples } from '../../samples/reader.ts';
import { restored } from '../../models/scales.ts';
import { scoresOf, type SplitScores } from '../scores/scores.ts';
import type { ArmTraining } from './seed-plan.ts';

type Trained = Pick<ArmTraining, 'job' | 'program'>;

/** Row-major: probabilities of classes or labels, or numbers in their own unit. */
export async function answersOn(
  { job, program }: Trained,
  indices: Int32Array,
  scales: TargetScale[] | null,
): Promise<Float32Array> {
  const { dataset } = job;
  const { values } = await runOverSamples({
    program,
    entry: 'predict',
    output: 'answers',
    dataset,
    indices,
  });
  return restored(values, scales);
}

export async function scoresOn(
  arm: Trained,
  indices: Int32Array,
  scales: TargetScale[] | null,
): Promise<SplitScores> {
  return scoresOf(arm.job, indices, await answersOn(arm, indices, scales));
}
