/** What a pretext run sets up before its first step: program, batches, probe, checkpoints. */
import { createBatchSource, type BatchSource } from '../data/index.ts';
import { PretextError } from '../contract/errors.ts';
import type { PretextJob } from '../contract/trainer.ts';
import { buildEncoder } from '../learning/encoders/registry.ts';
import { buildPretextModel, findPretextTask } from '../learning/pretext/registry.ts';
import type { Program } from '../tensor/index.ts';
import { mixedStatistics } from './channel-statistics.ts';
import { checkpointWriter, type SaveCheckpoint } from './checkpoints.ts';
import type { RunControl } from './control.ts';
import { createOptimizer } from './optimizers.ts';
import { pretextLabels, type PretextLabels } from './pretext-labels.ts';
import { createPretextProgram } from './pretext-program.ts';
import { createProbe, type Probe } from './probe.ts';
import { pretrainingIndices } from './selection.ts';
import { sampleBytes } from './sample-reader.ts';

export interface PretextPlan {
  program: Program;
  source: BatchSource;
  /** Of tasks that learn from labels; else null. */
  labels: PretextLabels | null;
  probe: Probe | null;
  save: SaveCheckpoint;
  stepsPerEpoch: number;
  totalSteps: number;
  /** Describes the encoder to whoever reads the checkpoint. */
  description: Record<string, unknown>;
}

export async function planPretext(
  job: PretextJob,
  control: RunControl,
  startStep: number,
): Promise<PretextPlan> {
  const { pretext, modality, inputShape, datasets } = job;
  const { needsLabels = false } = findPretextTask(pretext.task, modality);
  const labels = needsLabels ? pretextLabels(datasets) : null;
  const chosen = datasets.map((dataset, place) => ({
    dataset,
    indices: labels?.indices[place] ?? pretrainingIndices(dataset, job.includeHeldOut),
  }));
  const sampleCount = chosen.reduce((sum, { indices }) => sum + indices.length, 0);
  requireEnough(sampleCount, pretext.batchSize, needsLabels ? 'labeled samples' : 'samples');
  const encoder = buildEncoder(job.encoder, modality, inputShape);
  const channelStatistics = mixedStatistics(datasets.map((dataset) => dataset.channelStatistics));
  const model = buildPretextModel(
    { task: pretext.task, options: pretext.options, sampleCount },
    { encoder, inputShape, modality, batchSize: pretext.batchSize, channelStatistics },
  );
  const source = await createBatchSource({
    datasets: chosen.map(({ dataset, indices }) => ({
      shard: dataset.shard,
      offsets: dataset.offsets,
      sampleBytes: sampleBytes(dataset),
      dtype: dataset.dtype,
      indices,
    })),
    batchSize: pretext.batchSize,
    seed: pretext.seed,
    startStep,
  });
  const program = createPretextProgram({
    model,
    encoder,
    channelStatistics,
    optimizer: createOptimizer({ kind: pretext.optimizer, weightDecay: pretext.weightDecay }),
    sample: { shape: inputShape, dtype: datasets[0]!.dtype },
    batchSize: pretext.batchSize,
    seed: pretext.seed,
    needsLabels,
  });
  const probed = datasets.find((dataset) => dataset.name === job.probeDataset);
  return {
    program,
    source,
    labels,
    probe: probed && pretext.probeEveryEpochs > 0 ? createProbe(program, probed) : null,
    save: checkpointWriter(job.projectFolder, job.runId, control),
    stepsPerEpoch: source.stepsPerEpoch,
    totalSteps: source.stepsPerEpoch * pretext.epochs,
    description: {
      stage: 'pretext',
      task: pretext.task,
      encoder: job.encoder,
      modality,
      inputShape,
      channelStatistics,
    },
  };
}

function requireEnough(sampleCount: number, batchSize: number, samples: string): void {
  if (sampleCount >= 2 * batchSize) return;
  throw new PretextError({
    code: 'pretext.too-few-samples',
    message: `Pretraining with batches of ${batchSize} needs at least ${2 * batchSize} ${samples}. Found: ${sampleCount} in the training split.`,
    place: 'pretext.batchSize',
    remedy: `Choose a smaller batch size, or import more ${samples}.`,
  });
}
