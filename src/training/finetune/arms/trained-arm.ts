/**
 * Arms that train the downstream model: pretrained, baseline and frozen.
 *
 * All of them run the same program on the same labels with the same schedule, augmentation and early stopping;
 * what differs is where the weights start and which of them move.
 */
import { computedType } from '../../../contract/data/sample-values.ts';
import type { TransferReport } from '../../../contract/entities.ts';
import { armSettings } from '../../../contract/recipe/arm-settings.ts';
import { asGain } from '../../../contract/results/metric.ts';
import type { FinetuneInputs } from '../../inputs.ts';
import type { DownstreamModel } from '../../../learning/downstream/model.ts';
import { headKind, type HeadKind } from '../../../learning/downstream/head.ts';
import { transferWeights } from '../../../learning/downstream/transfer.ts';
import type { Precision, StateArrays, TensorFlowInfo } from '../../../tensor/index.ts';
import { checkpointWriter } from '../../checkpoints/writer.ts';
import type { RunControl, RunOutcome } from '../../control.ts';
import { createFinetuneProgram, finetuneFacts, finetuneEntries } from '../program.ts';
import { makeEnsemble } from '../seeds/ensemble.ts';
import { makeFinal } from '../seeds/final.ts';
import { drawLabels, measuredOthers, otherJobs } from '../scores/labels.ts';
import { countValues } from '../../machine.ts';
import { createArmProfile } from '../seeds/profile.ts';
import { designArm } from '../design.ts';
import { checkMemory, memoryNeedOf } from '../../memory.ts';
import { mixedStatistics } from '../../samples/channel-statistics.ts';
import type { ChannelStatistics } from '../../../learning/channels.ts';
import { readPretrainedWeights, type PretrainedWeights } from '../../checkpoints/pretrained.ts';
import { beginning, readSeedProgress } from '../seeds/seed-position.ts';
import { trainSeed } from '../seeds/seed.ts';
import { remainingSeeds } from '../seeds/seeds.ts';
import { finishedModel, takeArrays, slotsOf } from '../../checkpoints/state-arrays.ts';

/** With which numbers a run computes, and where. */
export interface Computing {
  precision: Precision;
  device: TensorFlowInfo['device'];
}

export async function runTrainedArm(
  job: FinetuneInputs,
  control: RunControl,
  { precision, device }: Computing = { precision: 'float32', device: 'cpu' },
): Promise<RunOutcome> {
  const weights = job.checkpoint ? await readPretrainedWeights(job.checkpoint) : null;
  const resumed = job.resumeFrom ? await readSeedProgress(job.resumeFrom) : null;
  const { frozenShare } = armSettings(job.arm, job.finetune);
  const channelStatistics = weights?.channelStatistics ?? ownStatistics(job);
  const design = designArm({
    ...job,
    dtype: computedType(job.dataset.dtype),
    head: headOf(job),
    channelStatistics,
    labels: drawLabels(job, job.finetune.firstSeed).indices.length,
    others: otherJobs(job).map((other) => ({
      name: other.dataset.name,
      head: headOf(other),
      labels: drawLabels(other, job.finetune.firstSeed).indices.length,
    })),
    precision,
  });
  const { model, batchSize, otherBatches = [] } = design;
  const program = createFinetuneProgram(design);
  try {
    const noSlots = slotsOf(program.readState());
    checkMemory(memoryNeedOf(program, finetuneFacts(batchSize), finetuneEntries(design)), device, control);
    control.environment({
      modelParameters: countValues(finishedModel(takeArrays(model.parameters(0)), measuredOthers(job)), ['']),
    });
    const save = checkpointWriter(job.projectFolder, job.runId, control);
    const arm = {
      job,
      program,
      batchSize,
      otherBatches,
      frozenShare,
      noSlots,
      save,
      control,
      channelStatistics,
      profile: createArmProfile(control),
    };
    let reported = false;
    const startOf = (seed: number) => {
      const { state, report } = firstWeights(model, weights, job, seed);
      if (report && !reported) control.transfer(report);
      reported = true;
      return resumed?.seed === seed ? resumed : beginning(seed, { ...state, ...noSlots });
    };
    if (job.making?.kind === 'final') return await makeFinal(arm, job.making, startOf);
    if (job.making) return await makeEnsemble(arm, job.making, startOf);
    let bestValidation = bestGainOf(job);
    for (const { seed, index } of remainingSeeds(job)) {
      const outcome = await trainSeed(arm, startOf(seed), index, bestValidation);
      if (outcome.kind !== 'done') return outcome.kind;
      bestValidation = outcome.bestValidation;
    }
    return 'done';
  } finally {
    program.dispose();
  }
}

/** What the run's best model gained on validation data, of seeds that are finished and not trained again. */
function bestGainOf({ bestFinished, metric }: FinetuneInputs): number | null {
  return bestFinished == null ? null : asGain(metric, bestFinished);
}

/** Random weights of a seed, with the encoder's replaced by the pretrained ones where there are some. */
function firstWeights(
  model: DownstreamModel,
  weights: PretrainedWeights | null,
  job: FinetuneInputs,
  seed: number,
): { state: StateArrays; report: TransferReport | null } {
  const random = takeArrays({ ...model.parameters(seed), ...model.statistics() });
  if (!weights) return { state: random, report: null };
  const share = armSettings(job.arm, job.finetune).frozenShare;
  return transferWeights(weights.tensors, random, {
    freeze: share === 1 ? 'always' : share > 0 ? 'at-first' : 'never',
  });
}

/** Of all datasets that the encoder learns from, as pretraining on them would have it: a band that one lacks has a scale too. */
function ownStatistics({ dataset, others = [], about }: FinetuneInputs): ChannelStatistics {
  if (others.length === 0) return dataset.channelStatistics;
  const all = [dataset, ...others.map((other) => other.dataset)];
  return mixedStatistics(
    all.map(({ channelStatistics }) => channelStatistics),
    undefined,
    about?.mayMiss,
  );
}

const headOf = (job: FinetuneInputs): HeadKind => headKind(job.target, job.dataset.classNames.length);
