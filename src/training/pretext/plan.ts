/** What a pretext run sets up before its first step: program, batches, probe, checkpoints. */
import { computedType } from '../../contract/data/sample-values.ts';
import { createBatchSource, type BatchSource } from '../../data/index.ts';
import { PretextError } from '../../contract/errors.ts';
import { sharesOf } from '../../contract/recipe/together.ts';
import type { ProbeKind } from '../../contract/recipe/probe.ts';
import type { BestBy, PretextConfig } from '../../contract/recipe/recipe.ts';
import type { PretextInputs } from '../inputs.ts';
import { findPretextTask } from '../../learning/pretext/registry.ts';
import { requireShareable } from '../../learning/pretext/shareable.ts';
import type { PretextModel } from '../../learning/pretext/task.ts';
import type { Precision, Program } from '../../tensor/index.ts';
import { mixedStatistics } from '../samples/channel-statistics.ts';
import { checkpointWriter, type SaveCheckpoint } from '../checkpoints/writer.ts';
import type { RunControl } from '../control.ts';
import { designPretext, type PretextDesign } from './design.ts';
import { pretextLabels, type PretextLabels } from './labels.ts';
import { createFacts, type FactSource } from './facts.ts';
import { createPretextProgram, type Part } from './program.ts';
import { createProbe, type Probe } from './probe.ts';
import { bestByOf } from './best.ts';
import { createHealthCheck, healthSizes, type HealthCheck } from './health/check.ts';
import { healthEntries, type HealthDesign } from './health/program.ts';
import { chooseHeldOut, countOf, nothingKeptOut } from './health/held-out.ts';
import type { Schedule } from './occasions.ts';
import type { Position } from './position.ts';
import { placesOfPart } from './share.ts';
import { pretrainingIndices } from '../samples/selection.ts';
import { sampleBytes } from '../samples/reader.ts';

export interface PretextPlan {
  program: Program;
  source: BatchSource;
  /** Of tasks that learn from labels; else null. */
  labels: PretextLabels | null;
  /** Of tasks that ask for more of samples than their values; else null. */
  asked: FactSource | null;
  probe: Probe | null;
  health: HealthCheck;
  bestBy: BestBy;
  save: SaveCheckpoint;
  schedule: Schedule;
  /** What the run tells of itself beside the machine. */
  facts: {
    /** Dimensions of the features: an even spread has a deviation of 1/√ of it. */
    encoderFeatures: number;
    healthSamples: number;
    /** Whether pretraining never sees the samples that health is looked at. */
    healthSamplesUnseen: boolean;
    /** Of several datasets their shares of every batch, in words. */
    datasetShares?: string;
  };
  /** Describes the encoder to whoever reads the checkpoint. */
  description: Record<string, unknown>;
}

export async function planPretext(
  job: PretextInputs,
  control: RunControl,
  { step: startStep, health: healthBefore }: Position,
  precision: Precision = 'float32',
  part?: Part,
): Promise<PretextPlan> {
  const { pretext, modality, inputShape, datasets, about } = job;
  const { needsLabels = false, asks = [] } = findPretextTask(pretext.task, modality);
  const labels = needsLabels ? pretextLabels(datasets) : null;
  const { includeHeldOut } = job;
  const choose = healthBefore ? chooseHeldOut : nothingKeptOut;
  const heldOut = choose({
    datasets,
    pretraining: labels?.indices ?? datasets.map((one) => pretrainingIndices(one, includeHeldOut)),
    includeHeldOut,
    batchSize: pretext.batchSize,
  });
  const sampleCount = countOf(heldOut.pretraining);
  requireEnough(sampleCount, pretext.batchSize, needsLabels ? 'labeled samples' : 'samples');
  const shares =
    job.sampling &&
    sharesOf(
      heldOut.pretraining.map(({ length }) => length),
      job.sampling,
    );
  const channelStatistics = mixedStatistics(
    datasets.map((dataset) => dataset.channelStatistics),
    shares,
    about?.mayMiss,
  );
  const dtype = computedType(datasets[0]!.dtype);
  if (part)
    requireShareable(pretext, part.processes, {
      modality,
      inputShape,
      sampleCount,
      ...(about && { about }),
    });
  const design = designPretext({ ...job, dtype, channelStatistics, sampleCount, precision, part });
  const { encoder, sample } = design;
  const asked =
    asks.length > 0 ? createFacts(design.asked!, datasets, heldOut.pretraining, pretext.seed) : null;
  const source = await createBatchSource({
    datasets: datasets.map((dataset, i) => ({
      name: dataset.name,
      shard: dataset.shard,
      offsets: dataset.offsets,
      sampleBytes: sampleBytes(dataset),
      dtype: dataset.dtype,
      recordingScales: dataset.recordingScales,
      indices: heldOut.pretraining[i]!,
    })),
    shares,
    batchSize: pretext.batchSize,
    places: part && placesOfPart(part, pretext),
    seed: pretext.seed,
    startStep,
    beside: asked?.beside,
  });
  // A loss that needs more than values is not taken: held-out samples may have no labels and no neighbours.
  const loss = needsLabels || asks.length > 0 ? null : lossOn(countOf(heldOut.health), design);
  const program = createPretextProgram({
    ...design,
    moreEntries: (names) => healthEntries({ encoder, channelStatistics, sample, modality, loss }, names),
  });
  const probed = datasets.find((dataset) => dataset.name === job.probeDataset);
  const probe =
    probed && pretext.probeEveryEpochs > 0 ? createProbe(program, probed, probesOf(pretext)) : null;
  const bestBy = bestByOf(pretext, probe !== null);
  const sizes = healthSizes(sampleCount, countOf(heldOut.health), loss?.batchSize ?? 0);
  return {
    program,
    source,
    labels,
    asked,
    probe,
    health: createHealthCheck(program, datasets, heldOut.health, sizes),
    bestBy,
    save: checkpointWriter(job.projectFolder, job.runId, control),
    schedule: {
      stepsPerEpoch: source.stepsPerEpoch,
      totalSteps: source.stepsPerEpoch * pretext.epochs,
      probeEveryEpochs: pretext.probeEveryEpochs,
      viewsEveryEpochs: sizes.epochsBetweenViews,
      checkpointEverySteps: pretext.checkpointEverySteps,
      bestNeedsViews: bestBy === 'validation-loss',
    },
    facts: {
      encoderFeatures: encoder.featureCount,
      healthSamples: sizes.features,
      healthSamplesUnseen: heldOut.unseen,
      ...(datasets.length > 1 && {
        datasetShares: datasets
          .map(({ name }, at) => `${name} ${((shares?.[at] ?? 1 / datasets.length) * 100).toFixed(1)} %`)
          .join(', '),
      }),
    },
    description: {
      stage: 'pretext',
      task: pretext.task,
      encoder: job.encoder,
      modality,
      inputShape,
      channelStatistics,
      ...(about && { about }),
      ...(job.steps && { steps: job.steps }),
      ...(datasets.some(({ recordingScales }) => recordingScales) && { scaledByRecording: true }),
    },
  };
}

/** Tasks part a batch into groups; a batch of so many, or a multiple, can be parted. */
const LOSS_BATCH_MULTIPLE = 32;

/**
 * The model that takes the loss on held-out samples: that of training where there are enough of them for one of
 * its batches, else one for a smaller batch; null where its state does not fit that of training.
 */
function lossOn(
  samples: number,
  { model, modelFor, batchSize: own, part }: PretextDesign,
): HealthDesign['loss'] {
  const batchSize = own * (part?.processes ?? 1);
  if (samples >= batchSize) return { model, batchSize };
  const fewer = LOSS_BATCH_MULTIPLE * Math.floor(samples / LOSS_BATCH_MULTIPLE);
  if (fewer === 0) return null;
  const smaller = modelFor(fewer);
  return shapesOf(smaller) === shapesOf(model) ? { model: smaller, batchSize: fewer } : null;
}

/** Names and shapes of all variables of a model, as text. */
function shapesOf(model: PretextModel): string {
  const state = { ...model.parameters(0), ...model.statistics(), ...model.buffers(0) };
  const shapes = Object.entries(state).map(([name, { shape }]) => `${name} ${shape.join('×')}`);
  for (const tensor of Object.values(state)) tensor.dispose();
  return shapes.join(', ');
}

const probesOf = ({ linearProbe }: PretextConfig): ProbeKind[] => (linearProbe ? ['knn', 'linear'] : ['knn']);

function requireEnough(sampleCount: number, batchSize: number, samples: string): void {
  if (sampleCount >= 2 * batchSize) return;
  throw new PretextError({
    code: 'pretext.too-few-samples',
    message: `Pretraining with batches of ${batchSize} needs at least ${2 * batchSize} ${samples}. Found: ${sampleCount} in the training split.`,
    place: 'pretext.batchSize',
    remedy: `Choose a smaller batch size, or import more ${samples}.`,
  });
}
