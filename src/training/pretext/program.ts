/** The program of a pretext run: one step of training, and embedding, over the same variables. */
import type { Encoder } from '../../learning/encoders/encoder.ts';
import type { ChannelStatistics } from '../../learning/channels.ts';
import type { PretextModel } from '../../learning/pretext/task.ts';
import {
  asShare,
  compileProgram,
  meansOfAll,
  type Entry,
  type Precision,
  type Program,
  tf,
  totalOf,
  type Scalar,
  type Share,
  type State,
  type Tensor,
  type TensorSpec,
} from '../../tensor/index.ts';
import type { Optimizer } from '../step/optimizers.ts';
import { entriesForAll, largestCall } from '../samples/reader.ts';
import { createTrainingStep, type TrainingStep } from '../step/step.ts';
import type { EntryNames, StepFacts } from '../memory.ts';
import type { PretextConfig, Modality } from '../../contract/recipe/recipe.ts';
import { findPretextTask } from '../../learning/pretext/registry.ts';
import { batchOf, pick, type GroupedNames, type ProgramParts } from '../step/program.ts';
import { factInputs, factsAmong, type Asked } from './facts.ts';
import { embedEntry } from '../samples/embed.ts';

/** One of several processes that share every batch. */
export interface Part {
  processes: number;
  rank: number;
}

export interface PretextProgramDesign {
  model: PretextModel;
  encoder: Encoder;
  optimizer: Optimizer;
  channelStatistics: ChannelStatistics;
  /** One raw sample. */
  sample: TensorSpec;
  /** Samples of one call: of a micro-batch, where a step has several, and of this process's part of it. */
  batchSize: number;
  /** Where several processes compute each step together: how many, and which of them this is. */
  part?: Part | undefined;
  seed: number;
  precision?: Precision;
  /** Micro-batches of one step: all but the last are given to the entry `accumulate`, the last to `train`. */
  accumulation?: number;
  /** The task learns from class ids too: the entry `train` takes `labels`, int32 [batchSize]. */
  needsLabels?: boolean;
  /** What the task asks of samples beside their values: further inputs of a step. */
  asked?: Asked;
  /** Entries beside training and embedding, over the same variables. */
  moreEntries?(names: GroupedNames): Record<string, Entry>;
}

/** `compile` is an argument so that a test can run the same program op by op. */
export function createPretextProgram(
  design: PretextProgramDesign,
  compile: (initial: State, entries: Record<string, Entry>) => Program = compileProgram,
): Program {
  const { initial, entries } = pretextProgramParts(design);
  const program = compile(initial, entries);
  for (const tensor of Object.values(initial)) tensor.dispose();
  return program;
}

/** The first state of the program, which is the caller's, and its entries. */
export function pretextProgramParts(design: PretextProgramDesign): ProgramParts {
  const { model, seed, accumulation = 1 } = design;
  const step = createTrainingStep(design);
  const parameters = model.parameters(seed);
  const statistics = model.statistics();
  const buffers = model.buffers(seed);
  const slots = step.slots(parameters);
  const names = {
    parameters: Object.keys(parameters),
    statistics: Object.keys(statistics),
    buffers: Object.keys(buffers),
    slots: Object.keys(slots),
  };
  return {
    initial: { ...parameters, ...statistics, ...buffers, ...slots },
    entries: {
      train: trainEntry(design, step, names),
      ...(accumulation > 1 && { accumulate: accumulateEntry(design, step, names) }),
      ...(design.part && { [SPREAD]: spreadEntry(design.part) }),
      ...entriesForAll('embed', (batchSize) => embedEntry({ ...design, batchSize })),
      ...design.moreEntries?.(names),
    },
  };
}

function batchInputs({
  sample,
  batchSize,
  needsLabels,
  asked,
}: PretextProgramDesign): Record<string, TensorSpec> {
  return {
    samples: batchOf(sample, batchSize),
    ...(needsLabels && { labels: { shape: [batchSize], dtype: 'int32' as const } }),
    ...(asked && factInputs(asked, sample, batchSize)),
    seed: { shape: [2], dtype: 'int32' },
    progress: { shape: [], dtype: 'float32' },
  };
}

/** What a step of training is taken on. */
function stepInput({ model, asked }: PretextProgramDesign, names: GroupedNames, state: State, inputs: State) {
  const statistics = pick(state, names.statistics);
  const buffers = pick(state, names.buffers);
  return {
    loss: (parameters: State) =>
      model.loss({
        parameters,
        statistics,
        buffers,
        samples: inputs['samples']!,
        labels: inputs['labels'],
        facts: factsAmong(asked?.asks ?? [], inputs),
        seed: inputs['seed']!,
        progress: inputs['progress']!,
        training: true,
      }),
    parameters: pick(state, names.parameters),
    slots: pick(state, names.slots),
  };
}

function trainEntry(design: PretextProgramDesign, step: TrainingStep, names: GroupedNames): Entry {
  return {
    inputs: {
      ...batchInputs(design),
      learningRate: { shape: [], dtype: 'float32' },
      ...(design.part && { [WISH]: { shape: [], dtype: 'float32' as const } }),
    },
    run: (state, inputs) =>
      asShare(shareOf(design), () => {
        const taken = step.take(stepInput(design, names, state, inputs), inputs['learningRate'] as Scalar);
        const { value, extra } = taken;
        const wish = inputs[WISH];
        return {
          state: { ...taken.state, ...extra.statistics, ...extra.buffers },
          outputs: meansOfAll({
            loss: value as Tensor,
            ...extra.metrics,
            ...taken.metrics,
            ...(wish && { [WISH]: wish }),
          }),
        };
      }),
  };
}

const shareOf = ({ part, batchSize }: PretextProgramDesign): Share | null =>
  part ? { ...part, samples: batchSize } : null;

/** What a process wishes after a step, as a number; every process learns the mean of all wishes with the step. */
export const WISH = 'wish';
/** Every process takes over the state of the one that leads. */
export const SPREAD = 'spread';

/** The state is that of all processes together, of whom only one brings anything else than nothing. */
function spreadEntry(part: Part): Entry {
  return {
    inputs: { leads: { shape: [], dtype: 'float32' } },
    run: (state, { leads }) =>
      asShare({ ...part, samples: 1 }, () => {
        const own = (x: Tensor) => tf.where(tf.greater(leads!, 0.5), x, tf.zerosLike(x));
        return {
          state: Object.fromEntries(Object.entries(state).map(([name, x]) => [name, totalOf(own(x))])),
          outputs: {},
        };
      }),
  };
}

/** Buffers (queues, target networks) move once a step, with its last micro-batch. */
function accumulateEntry(design: PretextProgramDesign, step: TrainingStep, names: GroupedNames): Entry {
  return {
    inputs: batchInputs(design),
    run: (state, inputs) =>
      asShare(shareOf(design), () => {
        const { value, extra, slots } = step.accumulate(stepInput(design, names, state, inputs));
        return {
          state: { ...slots, ...extra.statistics },
          outputs: meansOfAll({ loss: value as Tensor, ...extra.metrics }),
        };
      }),
  };
}

/** Which calls decide what a pretext run takes in memory. */
export const PRETEXT_ENTRIES: EntryNames = { steps: ['train'], fixed: [largestCall('embed')] };

export function pretextFacts(pretext: PretextConfig, modality: Modality): StepFacts {
  const { meanOverSamples = false } = findPretextTask(pretext.task, modality);
  const { batchSize, accumulation } = pretext;
  return { stage: 'pretext', batchSize, accumulation, accumulates: meanOverSamples };
}
