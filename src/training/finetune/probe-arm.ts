/** Arms that train no network: a linear or a kNN probe on the features of the pretrained encoder. */
import { computedType } from '../../contract/data/sample-values.ts';
import { PretextError } from '../../contract/errors.ts';
import type { FinetuneInputs } from '../inputs.ts';
import { seedsOf } from '../../contract/messages/job.ts';
import { balancedClassWeights } from '../../learning/downstream/model.ts';
import { transferWeights } from '../../learning/downstream/transfer.ts';
import { buildEncoder } from '../../learning/encoders/registry.ts';
import { selectRows, type FeatureMatrix } from '../../learning/evaluation/features.ts';
import { knnNumbers, knnShares } from '../../learning/evaluation/knn-probe.ts';
import { fitClassProbe, fitNumberProbe } from '../../learning/evaluation/linear-probe.ts';
import { softmaxRows } from '../../learning/evaluation/logistic-regression.ts';
import { compileProgram, type Program, type TensorFlowInfo } from '../../tensor/index.ts';
import type { RunControl, RunOutcome } from '../control.ts';
import { featuresOf } from '../samples/features.ts';
import { keepAnswers } from './answers.ts';
import { drawLabels, validationLabels, weighsClasses } from './labels.ts';
import { checkMemory, memoryNeedOf, type EntryNames, type StepFacts } from '../memory.ts';
import { embedEntry } from '../samples/embed.ts';
import { readPretrainedWeights } from '../checkpoints/pretrained.ts';
import { entriesForAll, largestCall } from '../samples/reader.ts';
import { classScoresOf, numberScoresOf, resultRow, type SplitScores } from './scores.ts';
import { requireLabeled } from '../samples/selection.ts';
import { remainingSeeds } from './seeds.ts';
import { takeArrays } from '../checkpoints/state-arrays.ts';
import { finetuneFacts } from './program.ts';

/** Neighbours that vote, where there are so many labels. */
const NEIGHBORS = 20;

/** Which calls decide what a probe takes in memory. */
export const PROBE_ENTRIES: EntryNames = { steps: [], fixed: [largestCall('embed')] };
export const PROBE_FACTS: StepFacts = finetuneFacts(0);

/** Class probabilities, row-major [rows, classes], or numbers. */
type Answer = (features: FeatureMatrix) => ArrayLike<number>;

interface Embedded {
  indices: Int32Array;
  features: FeatureMatrix;
}

export async function runProbeArm(
  job: FinetuneInputs,
  control: RunControl,
  device: TensorFlowInfo['device'] = 'cpu',
): Promise<RunOutcome> {
  const program = await pretrainedProgram(job, control);
  try {
    checkMemory(memoryNeedOf(program, PROBE_FACTS, PROBE_ENTRIES), device, control);
    const embedded = async (split: 'train' | 'validation' | 'test'): Promise<Embedded> => {
      const indices = requireLabeled(job.dataset, split);
      return { indices, features: await featuresOf(program, job.dataset, indices) };
    };
    const [train, allValidation, test] = [
      await embedded('train'),
      await embedded('validation'),
      await embedded('test'),
    ];
    for (const { seed, index } of remainingSeeds(job)) {
      const request = await control.requested();
      if (request) return request === 'pause' ? 'paused' : 'cancelled';
      const { indices: chosen } = drawLabels(job, seed);
      const labeled = partOf(train, chosen);
      const validation = partOf(allValidation, validationLabels(job, seed));
      const answer = fit(job, labeled, validation);
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
  } finally {
    program.dispose();
  }
}

/** The rows of some of the samples. */
function partOf({ indices, features }: Embedded, chosen: Int32Array): Embedded {
  const places = new Map(Array.from(indices, (sample, place) => [sample, place]));
  const rows = Array.from(chosen, (sample) => places.get(sample)!);
  return { indices: chosen, features: selectRows(features, rows) };
}

async function pretrainedProgram(job: FinetuneInputs, control: RunControl): Promise<Program> {
  if (!job.checkpoint)
    throw new PretextError({
      code: 'probe.no-checkpoint',
      message: `A ${job.arm} looks at a pretrained encoder, but the study has none.`,
      place: 'finetune.arms',
      remedy: 'Add a pretext stage or name a checkpoint, or leave the probes out.',
    });
  const weights = await readPretrainedWeights(job.checkpoint);
  const encoder = buildEncoder(job.encoder, job.modality, job.inputShape, job.about);
  const initial = { ...encoder.parameters(0), ...encoder.statistics() };
  const sample = { shape: job.inputShape, dtype: computedType(job.dataset.dtype) };
  const { channelStatistics } = weights;
  const program = compileProgram(
    initial,
    entriesForAll('embed', (batchSize) => embedEntry({ encoder, channelStatistics, sample, batchSize })),
  );
  const { state, report } = transferWeights(weights.tensors, takeArrays(initial), { freeze: 'always' });
  program.writeState(state);
  control.transfer(report);
  return program;
}

function fit(job: FinetuneInputs, labeled: Embedded, validation: Embedded): Answer {
  const { dataset, finetune } = job;
  if (job.target === 'number') {
    const numbers = ({ indices }: Embedded) => Float64Array.from(indices, (index) => dataset.numbers[index]!);
    if (job.arm === 'knn-probe') {
      const bank = { features: labeled.features, targets: numbers(labeled) };
      return (features) => knnNumbers(bank, features, { neighbors: NEIGHBORS });
    }
    return fitNumberProbe(
      { features: labeled.features, targets: numbers(labeled) },
      { features: validation.features, targets: numbers(validation) },
    ).predict;
  }
  const classCount = dataset.classNames.length;
  const ids = ({ indices }: Embedded) => indices.map((index) => dataset.classIds[index]!);
  const labeledIds = ids(labeled);
  if (job.arm === 'knn-probe') {
    const bank = { features: labeled.features, classIds: labeledIds };
    return (features) => knnShares(bank, features, classCount, { neighbors: NEIGHBORS });
  }
  const probe = fitClassProbe(
    { features: labeled.features, targets: labeledIds },
    { features: validation.features, targets: ids(validation) },
    classCount,
    weighsClasses(finetune) ? { classWeights: balancedClassWeights(labeledIds, classCount) } : {},
  );
  return (features) => softmaxRows(probe.answer(features), classCount);
}

function scored(job: FinetuneInputs, { indices, features }: Embedded, answer: Answer): SplitScores {
  const predictions = answer(features);
  return job.target === 'classes'
    ? classScoresOf(job.dataset, indices, predictions, job.metric)
    : numberScoresOf(job.dataset, indices, predictions, job.metric);
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
    phase: 'Probing',
  };
}
