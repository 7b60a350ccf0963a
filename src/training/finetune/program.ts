/** The program of a fine-tuning run: steps of the whole model, steps of the head alone, and predictions. */
import type { ChannelStatistics } from '../../learning/channels.ts';
import type { DownstreamModel } from '../../learning/downstream/model.ts';
import {
  compileProgram,
  type Entry,
  type Precision,
  type Program,
  type Scalar,
  type State,
  type TensorSpec,
} from '../../tensor/index.ts';
import type { Optimizer } from '../step/optimizers.ts';
import { batchOf, pick, type ProgramParts } from '../step/program.ts';
import { predictEntries } from '../models/program.ts';
import { largestCall } from '../samples/reader.ts';
import { createTrainingStep, type TrainingStep } from '../step/step.ts';
import type { EntryNames, StepFacts } from '../memory.ts';

export interface FinetuneProgramDesign {
  model: DownstreamModel;
  optimizer: Optimizer;
  channelStatistics: ChannelStatistics;
  /** One raw sample. */
  sample: TensorSpec;
  batchSize: number;
  precision?: Precision;
  /** Which kinds of steps are taken: the whole model, the head alone, or both in turn. */
  steps: readonly ('train' | 'trainHead')[];
}

export function createFinetuneProgram(
  design: FinetuneProgramDesign,
  compile: (initial: State, entries: Record<string, Entry>) => Program = compileProgram,
): Program {
  const { initial, entries } = finetuneProgramParts(design);
  const program = compile(initial, entries);
  for (const tensor of Object.values(initial)) tensor.dispose();
  return program;
}

/** The first state of the program, which is the caller's, and its entries. */
export function finetuneProgramParts(design: FinetuneProgramDesign): ProgramParts {
  const { model } = design;
  const step = createTrainingStep(design);
  const parameters = model.parameters(0);
  const statistics = model.statistics();
  const slots = step.slots(parameters);
  const names = {
    parameters: Object.keys(parameters),
    statistics: Object.keys(statistics),
    slots: Object.keys(slots),
  };
  const entries = predictEntries(model, design.sample);
  if (design.steps.includes('train')) entries['train'] = stepEntry(design, step, names, names.parameters);
  if (design.steps.includes('trainHead'))
    entries['trainHead'] = stepEntry(design, step, names, [...model.layers.at(-1)!]);
  return { initial: { ...parameters, ...statistics, ...slots }, entries };
}

/** One step that moves the `trained` parameters; when the encoder is not among them it is only read. */
function stepEntry(
  { model, sample, batchSize }: FinetuneProgramDesign,
  step: TrainingStep,
  names: { parameters: string[]; statistics: string[]; slots: string[] },
  trained: string[],
): Entry {
  const targets = model.targetWidth === null ? [batchSize] : [batchSize, model.targetWidth];
  const encoderFrozen = trained.length < names.parameters.length;
  return {
    inputs: {
      samples: batchOf(sample, batchSize),
      targets: { shape: targets, dtype: model.targetType },
      weights: { shape: targets, dtype: 'float32' },
      seed: { shape: [2], dtype: 'int32' },
      learningRate: { shape: [], dtype: 'float32' },
    },
    run(state, inputs) {
      const all = pick(state, names.parameters);
      const statistics = pick(state, names.statistics);
      const loss = (moving: State) =>
        model.loss({
          parameters: { ...all, ...moving },
          statistics,
          samples: inputs['samples']!,
          targets: inputs['targets']!,
          weights: inputs['weights']!,
          seed: inputs['seed']!,
          encoderFrozen,
        });
      const taken = step.take(
        { loss, parameters: pick(state, trained), slots: pick(state, names.slots) },
        inputs['learningRate'] as Scalar,
      );
      return {
        state: { ...taken.state, ...(encoderFrozen ? {} : taken.extra.statistics) },
        outputs: { loss: taken.value },
      };
    },
  };
}

/** Which calls decide what a fine-tuning run takes in memory. */
export const finetuneEntries = ({ steps }: FinetuneProgramDesign): EntryNames => ({
  steps,
  fixed: [largestCall('predict')],
});

export const finetuneFacts = (batchSize: number): StepFacts => ({
  stage: 'finetune',
  batchSize,
  accumulation: 1,
  accumulates: false,
});
