/** Answers and scores of a downstream model, as a program holds it, on samples of the job. */
import type { TargetScale } from '../../../contract/model/model.ts';
import { runOverSamples } from '../../samples/reader.ts';
import { answersOutput } from '../../models/program.ts';
import { restored } from '../../models/scales.ts';
import { scoresOf, type SplitScores } from '../scores/scores.ts';
import type { ArmTraining } from './seed-plan.ts';

type Trained = Pick<ArmTraining, 'job' | 'program'>;

/**
 * Row-major: probabilities of classes or labels, or numbers in their own unit.
 *
 * @param head its place among those of the model; the job is that of its dataset
 */
export async function answersOn(
  { job, program }: Trained,
  indices: Int32Array,
  scales: TargetScale[] | null,
  head = 0,
): Promise<Float32Array> {
  const { dataset } = job;
  const { values } = await runOverSamples({
    program,
    entry: 'predict',
    output: answersOutput(head),
    dataset,
    indices,
  });
  return restored(values, scales);
}

export async function scoresOn(
  arm: Trained,
  indices: Int32Array,
  scales: TargetScale[] | null,
  head = 0,
): Promise<SplitScores> {
  return scoresOf(arm.job, indices, await answersOn(arm, indices, scales, head));
}
