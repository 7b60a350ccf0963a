/**
 * What a pretext task is: a value that describes itself and builds a pure model.
 *
 * A task is one file and one line in the registry. Everything a step of it changes goes in and comes out:
 * parameters through their gradients, statistics (moving means), and buffers for all else that it keeps, such
 * as a queue of negatives, a target network or a centre.
 */
import type { z } from 'zod';
import type { ChannelNeed } from '../../contract/catalogue.ts';
import type { TaskFamily } from '../../contract/advice.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import { servingAllUnlessTold, type Modality } from '../../contract/data/modality.ts';
import type { PretextConfig } from '../../contract/recipe/recipe.ts';
import type { Scalar, State, Tensor } from '../../tensor/index.ts';
import type { RandomStream } from '../random.ts';
import type { ChannelStatistics } from '../channels.ts';
import type { Encoder, EncoderCapability, EncoderOutput } from '../encoders/encoder.ts';
import {
  createPass,
  initialState,
  statisticsAfter,
  type Layer,
  type Pass,
  type VariableSpec,
} from '../layers/layer.ts';

export interface Paper {
  authors: string;
  year: number;
  title: string;
  url?: string;
}

/** What the defaults of a task may depend on. */
export interface DataContext {
  modality: Modality;
  /** [H, W, C] or [L, C] */
  inputShape: readonly number[];
  /** Samples that pretraining sees. */
  sampleCount: number;
  /** What is known of the values of samples. */
  about?: SampleDescription;
  /**
   * How long the run at hand trains, where it is known: options that depend on the length of a run follow it. Left out:
   * as long as the task proposes.
   */
  runLength?: RunLength;
}

export interface RunLength {
  epochs: number;
  /** Samples to a step. */
  batchSize: number;
}

/** Training settings that a task proposes; everything left out stays as the recipe's schema has it. */
export type ProposedTraining = Partial<
  Pick<PretextConfig, 'epochs' | 'batchSize' | 'learningRate' | 'weightDecay' | 'warmupEpochs'>
>;

export interface PretextBuild<Options> {
  encoder: Encoder;
  inputShape: readonly number[];
  modality: Modality;
  options: Options;
  batchSize: number;
  channelStatistics: ChannelStatistics;
  about?: SampleDescription;
}

/**
 * What a task may ask of every sample of a batch beside its values:
 *
 * - `group` int32 [N]: subject, patient or site by number, -1 where it has none;
 * - `recording` int32 [N]: the recording that it is a part of, by number;
 * - `time` float32 [N]: seconds since the first window of its recording (without a sampling rate: values);
 * - `companions` raw samples [N, K, …]: other samples that the task has drawn by its `companions`, anew each time; where
 *   there is none, the sample itself;
 * - `found` float32 [N, K]: 1 where that companion was there, else 0.
 */
export type SampleFact = 'group' | 'recording' | 'time' | 'companions' | 'found';
export type SampleFacts = Readonly<Partial<Record<SampleFact, Tensor>>>;

/** Where a sample stands among those of its recording (or group) that pretraining sees. */
export interface WindowPlaces {
  /** When each of them begins, in lengths of a window, ascending; of a group, which has no times: 0, 1, 2, … */
  times: ArrayLike<number>;
  own: number;
  /** So many windows are there in other recordings of its group: their places follow those of `times`. */
  elsewhere: number;
}

/**
 * Other samples that a task wants beside each of its own: of its recording, or where it asks for them of others of its
 * group, and never held-out ones.
 */
export interface Companions {
  /** So many beside each sample. */
  count: number;
  /** So many of them the encoder reads; the others are only what it is asked for. Left out: all. */
  encoded?: number;
  among: 'recording' | 'group';
  /** What is looked for, in words that follow “Each sample needs”. */
  words: string;
  /** Lengths of a window that a recording must hold for a sample to have all of them; where it is of a group, fewer. */
  span?: { alone: number; inGroup: number };
  /** What is asked is answered by states that last for many windows: recordings of a few of them hold hardly two. */
  ofLongRecordings?: boolean;
  /** Places of the companions among `times` or behind them `elsewhere`, null where there is none. */
  draw(places: WindowPlaces, stream: RandomStream): (number | null)[];
}

export interface PretextInput {
  parameters: State;
  statistics: State;
  buffers: State;
  /** Raw: uint8 [N, H, W, C] or float32 [N, L, C]. */
  samples: Tensor;
  /** Class ids, int32 [N], only for tasks with `needsLabels`. */
  labels?: Tensor;
  /** What the task asks of samples beside their values, by `asks`. */
  facts?: SampleFacts;
  /** int32 [2]: all randomness of the step. */
  seed: Tensor;
  training: boolean;
  /** Share of the run that is done, 0 to 1, for schedules inside the task. */
  progress: Tensor;
}

export interface PretextOutput {
  loss: Scalar;
  /** All statistics of the model, new ones in training. */
  statistics: State;
  /** All buffers, new ones in training. */
  buffers: State;
  /** Named as curves are: `accuracy`, `maskedError`. */
  metrics: Record<string, Scalar>;
}

/** The encoder together with what the task adds. All its variables are included in the three states. */
export interface PretextModel {
  parameters(seed: number): State;
  statistics(): State;
  buffers(seed: number): State;
  loss(input: PretextInput): PretextOutput;
}

export interface PreviewRequest<Options> {
  modality: Modality;
  options: Options;
  channelStatistics: ChannelStatistics;
  /** Raw: uint8 [N, H, W, C] or float32 [N, L, C]. */
  samples: Tensor;
  seed: Tensor;
  about?: SampleDescription;
  /** The encoder that is to be trained, where one is chosen already. */
  encoder?: Encoder;
  /** What the task asks of samples beside their values. */
  facts?: SampleFacts;
}

/** What the task makes of a few samples: columns of pictures or traces, and each sample's pseudo-label. */
export interface Preview {
  columns: {
    title: string;
    role: 'input' | 'view' | 'target' | 'prediction';
    /** [N, …] in stored units */ values: Tensor;
  }[];
  pseudoLabels: string[];
}

export interface PretextTask<Options extends z.ZodType = z.ZodType> {
  id: string;
  title: string;
  summary: string;
  paper: Paper;
  /** Kinds of data that it is for. */
  modalities: readonly Modality[];
  /** What kind of question it asks: the advisor starts with tasks of several kinds. */
  family?: TaskFamily;
  /** What the pseudo-label is, in a sentence. */
  pseudoLabel: string;
  /** What its curves look like when all is well, and what to do when they do not. */
  healthy: string;
  /** Learns from labels too (supervised relatives). */
  needsLabels?: boolean;
  /** What it must know of samples beside their values. */
  asks?: readonly SampleFact[];
  /** Of tasks that ask for `companions`: how these are drawn. */
  companions?(options: z.output<Options>): Companions;
  /** Asks something that only samples with an upright position can answer. */
  needsUpright?: boolean;
  /**
   * The loss is a mean over samples that do not meet in it, so that the mean over parts of a batch is that of the
   * whole one (up to batch norm): a step may be computed in parts.
   */
  meanOverSamples?: boolean;
  /**
   * Why several processes cannot share a batch of it with these options, in a sentence; null where they can. Left out:
   * they can, as all that looks across the batch does so by `tensor/kernels/across.ts`.
   */
  alone?(options: z.output<Options>): string | null;
  /** What it asks of an encoder; left out: nothing that not all can. */
  needs?: readonly EncoderCapability[];
  /** How many channels the samples must have; left out: any number. */
  channels?: ChannelNeed;
  options: Options;
  /** @throws PretextError where options and data do not fit together, such as patches larger than the images */
  check?(options: z.output<Options>, context: DataContext): void;
  /** Settings that suit the data; the recipe's own win. */
  defaults(context: DataContext): { options: Partial<z.input<Options>>; training: ProposedTraining };
  build(input: PretextBuild<z.output<Options>>): PretextModel;
  /** Run eagerly; the caller owns the tensors. */
  preview(request: PreviewRequest<z.output<Options>>): Preview;
}

/** Keeps the types of options, build and preview together, then forgets them for the registry. */
export function definePretextTask<Options extends z.ZodType>(
  task: Omit<PretextTask<Options>, 'modalities'> & {
    /** Left out: it asks nothing of the kind of data, and is for all. */
    modalities?: readonly Modality[];
    /** It works with places along the sides of samples: for all kinds that have sides. */
    ofPlaces?: boolean;
  },
): PretextTask {
  return servingAllUnlessTold(task, task.ofPlaces ? 1 : 0) as unknown as PretextTask;
}

/** A step in progress: what came in, and the means to run encoder and heads so that statistics are kept. */
export interface PretextStep extends Omit<PretextInput, 'statistics'> {
  /** For heads: `head.apply(features, step.pass)`. */
  pass: Pass;
  /** Runs the encoder on normalised float32 input; called again, its statistics move on. */
  encode(x: Tensor): Omit<EncoderOutput, 'statistics'>;
}

export interface PretextDesign {
  encoder: Encoder;
  /** What the task adds behind (or around) the encoder. */
  heads: readonly Layer[];
  /** Trainable variables that belong to no layer, such as a mask token. */
  extraParameters?: readonly VariableSpec[];
  /** First values of queues, target networks, centres. */
  buffers?(seed: number): State;
  /** Computes the loss; buffers that do not change may be left out. */
  step(step: PretextStep): { loss: Scalar; metrics: Record<string, Scalar>; buffers?: State };
}

/** Makes the model of a task from its heads and its step: the states are put together here, once for all. */
export function pretextModel(design: PretextDesign): PretextModel {
  const { encoder, heads, extraParameters = [] } = design;
  const parameterSpecs = [...extraParameters, ...heads.flatMap((head) => head.parameters)];
  const statisticSpecs = heads.flatMap((head) => head.statistics);
  return {
    parameters: (seed) => ({ ...encoder.parameters(seed), ...initialState(parameterSpecs, seed) }),
    statistics: () => ({ ...encoder.statistics(), ...initialState(statisticSpecs, 0) }),
    buffers: (seed) => design.buffers?.(seed) ?? {},
    loss(input) {
      const { parameters, training } = input;
      const pass = createPass(input, training, { seed: input.seed, pass: 'heads' });
      let statistics = input.statistics;
      let passes = 0;
      const encode = (x: Tensor) => {
        const random = { seed: input.seed, pass: `encoder/${passes++}` };
        const { statistics: next, ...output } = encoder.apply({ parameters, statistics }, x, {
          training,
          random,
        });
        statistics = { ...statistics, ...next };
        return output;
      };
      const { loss, metrics, buffers } = design.step({ ...input, pass, encode });
      return {
        loss,
        metrics,
        statistics: { ...statistics, ...statisticsAfter(pass, statisticSpecs) },
        buffers: { ...input.buffers, ...buffers },
      };
    },
  };
}
