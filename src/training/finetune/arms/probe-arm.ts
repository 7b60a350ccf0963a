/** Arms that train no network: a linear or a kNN probe on the features of the pretrained encoder. */
import { computedType } from '../../../contract/data/sample-values.ts';
import { PretextError } from '../../../contract/errors.ts';
import type { FinetuneInputs } from '../../inputs.ts';
import { statisticsFor } from '../../../learning/channels.ts';
import { balancedClassWeights } from '../../../learning/downstream/model.ts';
import { transferWeights } from '../../../learning/downstream/transfer.ts';
import { buildEncoder } from '../../../learning/encoders/registry.ts';
import { knnNumbers, knnShares } from '../../../learning/evaluation/probes/knn-probe.ts';
import { fitClassProbe, fitNumberProbe } from '../../../learning/evaluation/probes/linear-probe.ts';
import type { LabeledRows, RowAnswer } from '../../../learning/evaluation/probes/several-fits.ts';
import { softmaxRows } from '../../../learning/evaluation/probes/logistic-regression.ts';
import { compileProgram, type Program, type TensorFlowInfo } from '../../../tensor/index.ts';
import type { RunControl, RunOutcome } from '../../control.ts';
import { featuresOf } from '../../samples/features.ts';
import { runFittedArm } from './fitted-arm.ts';
import { weighsClasses } from '../scores/labels.ts';
import { checkMemory, memoryNeedOf, type EntryNames, type StepFacts } from '../../memory.ts';
import { embedEntry } from '../../samples/embed.ts';
import { readPretrainedWeights } from '../../checkpoints/pretrained.ts';
import { entriesForAll, largestCall } from '../../samples/reader.ts';
import { takeArrays } from '../../checkpoints/state-arrays.ts';
import { finetuneFacts } from '../program.ts';

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
      fit: (labeled, validation, classCount) => fit(job, labeled, validation, classCount),
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
  const channelStatistics = statisticsFor(weights.channelStatistics, job.about);
  const program = compileProgram(
    initial,
    entriesForAll('embed', (batchSize) => embedEntry({ encoder, channelStatistics, sample, batchSize })),
  );
  const { state, report } = transferWeights(weights.tensors, takeArrays(initial), { freeze: 'always' });
  program.writeState(state);
  control.transfer(report);
  return program;
}

function fit(
  { arm, finetune }: FinetuneInputs,
  labeled: LabeledRows,
  validation: LabeledRows,
  classCount: number,
): RowAnswer {
  const { features, targets, weights } = labeled;
  if (arm === 'knn-probe')
    return classCount === 0
      ? (rows) => knnNumbers({ features, targets, weights }, rows, { neighbors: NEIGHBORS })
      : (rows) =>
          knnShares({ features, classIds: targets, weights }, rows, classCount, { neighbors: NEIGHBORS });
  if (classCount === 0) return fitNumberProbe(labeled, validation).predict;
  const classWeights = balancedClassWeights(Int32Array.from(targets), classCount);
  const probe = fitClassProbe(
    labeled,
    validation,
    classCount,
    weighsClasses(finetune) ? { classWeights } : {},
  );
  return (rows) => softmaxRows(probe.answer(rows), classCount);
}
