/** The program of a fine-tuning run: steps of the whole model, steps of the head alone, and predictions. */
import type { ChannelStatistics } from '../../learning/channels.ts';
import type { DownstreamModel, LabeledBatch } from '../../learning/downstream/model.ts';
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
  /** Samples of each of the other datasets in a step; left out: there are none. */
  otherBatches?: readonly number[];
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
  { model, sample, batchSize, otherBatches = [] }: FinetuneProgramDesign,
  step: TrainingStep,
  names: { parameters: string[]; statistics: string[]; slots: string[] },
  trained: string[],
): Entry {
  const others = model.others.map((form, at) => ({ ...form, size: otherBatches[at]! }));
  const encoderFrozen = trained.length < names.parameters.length;
  return {
    inputs: {
      ...labeledSpecs(sample, { ...model, size: batchSize }),
      ...Object.fromEntries(
        others.flatMap((form, at) =>
          Object.entries(labeledSpecs(sample, form)).map(([name, spec]) => [otherInput(name, at), spec]),
        ),
      ),
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
          ...labeledIn(inputs, (name) => name),
          others: others.map((_, at) => labeledIn(inputs, (name) => otherInput(name, at))),
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

/** The name of an input for one of the other datasets. */
export const otherInput = (name: string, at: number): string => `${name}-${at + 1}`;

const labeledSpecs = (
  sample: TensorSpec,
  { targetType, targetWidth, size }: Pick<DownstreamModel, 'targetType' | 'targetWidth'> & { size: number },
): Record<'samples' | 'targets' | 'weights', TensorSpec> => {
  const shape = targetWidth === null ? [size] : [size, targetWidth];
  return {
    samples: batchOf(sample, size),
    targets: { shape, dtype: targetType },
    weights: { shape, dtype: 'float32' },
  };
};

const labeledIn = (inputs: State, named: (name: string) => string): LabeledBatch => ({
  samples: inputs[named('samples')]!,
  targets: inputs[named('targets')]!,
  weights: inputs[named('weights')]!,
});

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
