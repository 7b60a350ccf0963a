/** An arm whose model is fitted at once to rows of numbers, such as a probe: no steps, one fit a seed. */
import { isSeveral } from '../../../contract/data/target.ts';
import { seedsOf } from '../../../contract/messages/job.ts';
import { selectRows, type FeatureMatrix } from '../../../learning/evaluation/probes/features.ts';
import {
  fitEach,
  knownRows,
  type FitOne,
  type LabeledRows,
  type RowAnswer,
} from '../../../learning/evaluation/probes/several-fits.ts';
import type { RunControl, RunOutcome } from '../../control.ts';
import type { FinetuneInputs } from '../../inputs.ts';
import { requireLabeled, sampleWeights, targetsAtAll } from '../../samples/selection.ts';
import { keepAnswers } from '../scores/answers.ts';
import { drawLabels, validationLabels } from '../scores/labels.ts';
import { resultRow, scoresOf, type SplitScores } from '../scores/scores.ts';
import { remainingSeeds } from '../seeds/seeds.ts';

/** Samples, and the row of each. */
interface SampleRows {
  indices: Int32Array;
  rows: FeatureMatrix;
}

export interface FittedArm {
  rowsOf(indices: Int32Array): Promise<FeatureMatrix>;
  fit: FitOne;
}

export async function runFittedArm(
  job: FinetuneInputs,
  control: RunControl,
  { rowsOf, fit }: FittedArm,
): Promise<RunOutcome> {
  const taken = async (split: 'train' | 'validation' | 'test'): Promise<SampleRows> => {
    const indices = requireLabeled(job.dataset, split);
    return { indices, rows: await rowsOf(indices) };
  };
  const [train, allValidation, test] = [await taken('train'), await taken('validation'), await taken('test')];
  const classCount = job.target === 'classes' ? job.dataset.classNames.length : 0;
  for (const { seed, index } of remainingSeeds(job)) {
    const request = await control.requested();
    if (request) return request === 'pause' ? 'paused' : 'cancelled';
    const { indices: chosen } = drawLabels(job, seed);
    const labeled = partOf(train, chosen);
    const validation = partOf(allValidation, validationLabels(job, seed));
    const answer = isSeveral(job.target)
      ? fitEach(targetsByName(job, labeled), targetsByName(job, validation), job.target, fit)
      : fit(oneTarget(job, labeled), oneTarget(job, validation), classCount);
    const scores = {
      train: scored(job, labeled, answer),
      validation: scored(job, validation, answer),
      test: scored(job, test, answer),
    };
    const row = resultRow(job, seed, chosen.length, scores);
    control.result(row, await keepAnswers(job, row, test.indices, scores.test));
    control.progress(progressOf(job, index + 1));
  }
  return 'done';
}

const oneTarget = ({ target, dataset }: FinetuneInputs, { indices, rows }: SampleRows): LabeledRows => ({
  features: rows,
  targets: Float64Array.from(indices, (index) =>
    target === 'classes' ? dataset.classIds[index]! : dataset.numbers[index]!,
  ),
  weights: sampleWeights(dataset, indices),
});

const targetsByName = ({ dataset }: FinetuneInputs, { indices, rows }: SampleRows): LabeledRows[] =>
  knownRows(rows, targetsAtAll(dataset, indices), dataset.classNames.length, sampleWeights(dataset, indices));

/** The rows of some of the samples. */
function partOf({ indices, rows }: SampleRows, chosen: Int32Array): SampleRows {
  const places = new Map(Array.from(indices, (sample, place) => [sample, place]));
  return {
    indices: chosen,
    rows: selectRows(
      rows,
      Array.from(chosen, (sample) => places.get(sample)!),
    ),
  };
}

function scored(job: FinetuneInputs, { indices, rows }: SampleRows, answer: RowAnswer): SplitScores {
  return scoresOf(job, indices, answer(rows));
}

function progressOf(job: FinetuneInputs, done: number) {
  const count = seedsOf(job).length;
  return {
    step: done,
    steps: count,
    epoch: done,
    epochs: count,
    seed: { index: done - 1, count },
    loss: null,
    learningRate: null,
    samplesPerSecond: null,
    secondsLeft: null,
    phase: 'Fitting',
  };
}
