/** Arms that train no network: a linear or a kNN probe on the features of the pretrained encoder. */
import { computedType } from '../../contract/data/sample-values.ts';
import { PretextError } from '../../contract/errors.ts';
import type { FinetuneInputs } from '../inputs.ts';
import { balancedClassWeights } from '../../learning/downstream/model.ts';
import { transferWeights } from '../../learning/downstream/transfer.ts';
import { buildEncoder } from '../../learning/encoders/registry.ts';
import { knnNumbers, knnShares } from '../../learning/evaluation/probes/knn-probe.ts';
import { fitClassProbe, fitNumberProbe } from '../../learning/evaluation/probes/linear-probe.ts';
import { softmaxRows } from '../../learning/evaluation/probes/logistic-regression.ts';
import { compileProgram, type Program, type TensorFlowInfo } from '../../tensor/index.ts';
import type { RunControl, RunOutcome } from '../control.ts';
import { featuresOf } from '../samples/features.ts';
import { runFittedArm, type RowAnswer, type SampleRows } from './fitted-arm.ts';
import { weighsClasses } from './labels.ts';
import { checkMemory, memoryNeedOf, type EntryNames, type StepFacts } from '../memory.ts';
import { embedEntry } from '../samples/embed.ts';
import { readPretrainedWeights } from '../checkpoints/pretrained.ts';
import { entriesForAll, largestCall } from '../samples/reader.ts';
import { takeArrays } from '../checkpoints/state-arrays.ts';
import { finetuneFacts } from './program.ts';

/** Neighbours that vote, where there are so many labels. */
const NEIGHBORS = 20;

/** Which calls decide what a probe takes in memory. */
export const PROBE_ENTRIES: EntryNames = { steps: [], fixed: [largestCall('embed')] };
export const PROBE_FACTS: StepFacts = finetuneFacts(0);

export async function runProbeArm(
  job: FinetuneInputs,
  control: RunControl,
  device: TensorFlowInfo['device'] = 'cpu',
): Promise<RunOutcome> {
  const program = await pretrainedProgram(job, control);
  try {
    checkMemory(memoryNeedOf(program, PROBE_FACTS, PROBE_ENTRIES), device, control);
    return await runFittedArm(job, control, {
      rowsOf: (indices) => featuresOf(program, job.dataset, indices),
      fit: (labeled, validation) => fit(job, labeled, validation),
    });
  } finally {
    program.dispose();
  }
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

function fit(job: FinetuneInputs, labeled: SampleRows, validation: SampleRows): RowAnswer {
  const { dataset, finetune } = job;
  if (job.target === 'number') {
    const numbers = ({ indices }: SampleRows) =>
      Float64Array.from(indices, (index) => dataset.numbers[index]!);
    if (job.arm === 'knn-probe') {
      const bank = { features: labeled.rows, targets: numbers(labeled) };
      return (features) => knnNumbers(bank, features, { neighbors: NEIGHBORS });
    }
    return fitNumberProbe(
      { features: labeled.rows, targets: numbers(labeled) },
      { features: validation.rows, targets: numbers(validation) },
    ).predict;
  }
  const classCount = dataset.classNames.length;
  const ids = ({ indices }: SampleRows) => indices.map((index) => dataset.classIds[index]!);
  const labeledIds = ids(labeled);
  if (job.arm === 'knn-probe') {
    const bank = { features: labeled.rows, classIds: labeledIds };
    return (features) => knnShares(bank, features, classCount, { neighbors: NEIGHBORS });
  }
  const probe = fitClassProbe(
    { features: labeled.rows, targets: labeledIds },
    { features: validation.rows, targets: ids(validation) },
    classCount,
    weighsClasses(finetune) ? { classWeights: balancedClassWeights(labeledIds, classCount) } : {},
  );
  return (features) => softmaxRows(probe.answer(features), classCount);
}
