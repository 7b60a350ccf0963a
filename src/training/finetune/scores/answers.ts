/**
 * What a model answered for every test sample, kept in the project: intervals over test samples follow from it, and
 * errors can be looked at later. A safetensors file, as checkpoints are, that needs no dataset to be understood.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSeveral } from '../../../contract/data/target.ts';
import type { ResultRow } from '../../../contract/results/result.ts';
import type { FinetuneInputs } from '../../inputs.ts';
import { answersFileName, type KeptAnswers } from '../../../contract/messages/trainer.ts';
import type { Predictions } from '../../../learning/evaluation/predictions/calibration.ts';
import { blockSums } from '../../../learning/evaluation/intervals/influence.ts';
import { influencesOf } from '../../../learning/evaluation/intervals/several-influence.ts';
import { areSeveral } from '../../../learning/evaluation/metrics/several.ts';
import type { StateArrays } from '../../../tensor/index.ts';
import { writeCheckpoint } from '../../checkpoints/file.ts';
import type { SplitScores } from './scores.ts';

/**
 * Writes the answers of one seed. Returns what the database is to know of them.
 *
 * @param head its place among those of the model
 */
export async function keepAnswers(
  job: FinetuneInputs,
  row: Pick<ResultRow, 'seed' | 'metric'>,
  indices: Int32Array,
  test: SplitScores,
  head = 0,
): Promise<KeptAnswers> {
  const folder = join(job.projectFolder, 'answers');
  await mkdir(folder, { recursive: true });
  const file = answersFileName(job.runId, row.seed, head);
  const groups = groupsOf(job, indices);
  const written = await writeCheckpoint(join(folder, file), {
    tensors: tensorsOf(indices, test, groups),
    metadata: {
      stage: 'answers',
      runId: job.runId,
      arm: job.arm,
      seed: row.seed,
      dataset: job.dataset.name,
      classNames: job.dataset.classNames,
      ...(isSeveral(job.target) && { target: job.target }),
    },
  });
  const blocks = blockSums(influencesOf(row.metric, test.answers), groups);
  return { file, ...written, influences: Float64Array.from(blocks) };
}

function tensorsOf(
  indices: Int32Array,
  { answers, predictions }: SplitScores,
  groups: Int32Array | null,
): StateArrays {
  const column = (values: Int32Array | Float32Array) => ({
    shape: [values.length],
    dtype: values instanceof Int32Array ? ('int32' as const) : ('float32' as const),
    values,
  });
  const weight = answers.weights && { weight: column(Float32Array.from(answers.weights)) };
  if (areSeveral(answers))
    return {
      sample: column(indices),
      targets: column(Float32Array.from(answers.truths)),
      answers: column(Float32Array.from(answers.answers)),
      ...weight,
      ...(groups && { group: column(groups) }),
    };
  const typed = (values: ArrayLike<number>) =>
    predictions ? Int32Array.from(values) : Float32Array.from(values);
  const probabilitiesOf = (ids: ArrayLike<number>, { probabilities, classCount }: Predictions) =>
    column(Float32Array.from(ids, (id, row) => probabilities[row * classCount + id]!));
  return {
    sample: column(indices),
    target: column(typed(answers.targets)),
    answer: column(typed(answers.predictions)),
    ...weight,
    ...(predictions && {
      // How sure the model was of its answer, and how likely it took the truth to be: the loss follows from that.
      probability: probabilitiesOf(answers.predictions, predictions),
      target_probability: probabilitiesOf(answers.targets, predictions),
    }),
    ...(groups && { group: column(groups) }),
  };
}

function groupsOf({ dataset }: FinetuneInputs, indices: Int32Array): Int32Array | null {
  const { groups } = dataset;
  return groups ? indices.map((index) => groups[index]!) : null;
}
