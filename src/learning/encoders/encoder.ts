/** What an encoder is: a family of networks with options, and one network built for an input shape. */
import type { z } from 'zod';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import { servingAllUnlessTold, type Modality } from '../../contract/data/modality.ts';
import { globalAveragePool, tf, type State, type Tensor } from '../../tensor/index.ts';
import {
  createPass,
  initialState,
  statisticsAfter,
  type Layer,
  type LayerState,
  type Pass,
  type Randomness,
} from '../layers/layer.ts';

/** One network. It holds no tensors; its variables are named `encoder/…`. */
export interface Encoder {
  /** [H, W, C] or [L, C] that it was built for. Convolutional encoders also take other sides. */
  inputShape: readonly number[];
  featureCount: number;
  /** Signals with fewer points get zeros at both ends; left out where there is no such limit. */
  leastLength?: number;
  /** Shape of each stage's maps for that input, without the batch. */
  stageShapes: readonly (readonly number[])[];
  /** Names of trainable variables grouped from input to output, for layer-wise decay and freezing. */
  layers: readonly (readonly string[])[];
  /** First values of the trainable variables; they depend on seed and name only. The caller owns them. */
  parameters(seed: number): State;
  /** First moving means and variances. The caller owns them. */
  statistics(): State;
  /**
   * @param x float32 [N, …inputShape], normalised by channel statistics
   * @returns features [N, featureCount]; the maps of every stage, the last one before pooling; and all
   *   statistics, new ones in training
   */
  apply(state: LayerState, x: Tensor, mode: EncoderMode): EncoderOutput;
  /**
   * Nothing of a sample depends on the others of its batch, and operations are small: views of a batch are taken one by
   * one, as two cores compute them side by side.
   */
  takesViewsApart?: boolean;
  /** Only encoders of tokens have this: they can read some patches and leave the others out. */
  tokens?: TokenEncoding;
}

export interface EncoderMode {
  training: boolean;
  /** Left out: nothing is random, as outside of training. */
  random?: Randomness;
}

/** Encoding of patches by their number (see `toPatches`), for masked autoencoders. No statistics are kept. */
export interface TokenEncoding {
  /** Pixels along a side, or points in time, of a patch. */
  patch: number;
  /**
   * @param patches [N, P, D], all patches of the samples
   * @param grid patches along each side; their product is P
   * @param visible int32 [N, V]: which patches of each sample are read
   * @returns [N, V, featureCount], normalised as the last maps are, in the order of `visible`
   */
  encode(
    parameters: State,
    patches: Tensor,
    grid: readonly number[],
    visible: Tensor,
    random?: Randomness,
  ): Tensor;
}

export interface EncoderOutput {
  features: Tensor;
  stages: Tensor[];
  statistics: State;
}

/** What may be asked of an encoder beyond features and maps: that it reads single patches, or each channel by itself. */
export type EncoderCapability = 'tokens' | 'any-channels';

/** A family of encoders: one file, one line in the registry. */
export interface EncoderDefinition<Options extends z.ZodType = z.ZodType> {
  /** Unique among encoders of the same modality. */
  id: string;
  title: string;
  summary: string;
  modalities: readonly Modality[];
  /** What its networks can do beyond what every encoder can. */
  can?: readonly EncoderCapability[];
  options: Options;
  /**
   * @param inputShape [H, W, C] or [L, C]
   * @param about what is known of the values: names of channels, sampling rate, columns
   */
  build(options: z.output<Options>, inputShape: readonly number[], about: SampleDescription): Encoder;
  /**
   * Options that suit these samples better than the defaults do. They are written into new studies where the recipe
   * says nothing; what an older study left out goes on to mean the defaults.
   */
  proposes?(inputShape: readonly number[], about: SampleDescription): Partial<z.output<Options>>;
  /** Points along time, or pixels along a side, that one place of the last maps looks at. */
  reach?(options: z.output<Options>): number;
  /** A step is many operations of microseconds, which several threads compute best one each, not all of them together. */
  smallOperations?: boolean;
}

/** Keeps the types of options and build together, then forgets them for the registry. */
export function defineEncoder<Options extends z.ZodType>(
  definition: Omit<EncoderDefinition<Options>, 'modalities'> & {
    /** Left out: it takes samples of every kind that have one or two sides. */
    modalities?: readonly Modality[];
  },
): EncoderDefinition {
  return servingAllUnlessTold(definition, 1) as unknown as EncoderDefinition;
}

/** For `refine` of options: a token's numbers are shared out among heads. */
export function sharedByHeads<Field extends string>(
  field: Field,
): [
  check: (options: Record<Field | 'heads', number>) => boolean,
  problem: { path: Field[]; error: (issue: { input?: unknown }) => string },
] {
  return [
    (options) => options[field] % options.heads === 0,
    {
      path: [field],
      error: ({ input }) => {
        const options = input as Record<Field | 'heads', number>;
        return `must be a multiple of the heads (${options.heads}). Found: ${options[field]}.`;
      },
    },
  ];
}

/**
 * An encoder whose variables are those of some layers.
 *
 * @param facts groups of variables are those of each layer unless they are told
 * @param run applies the layers; the statistics that they leave behind are added to what it gives
 */
export function encoderOf(
  facts: Pick<Encoder, 'inputShape' | 'stageShapes' | 'featureCount'> &
    Partial<Pick<Encoder, 'layers' | 'leastLength'>>,
  layers: readonly Layer[],
  run: (x: Tensor, pass: Pass) => Omit<EncoderOutput, 'statistics'>,
): Encoder {
  const parameters = layers.flatMap((layer) => layer.parameters);
  const statistics = layers.flatMap((layer) => layer.statistics);
  return {
    layers: layers
      .map((layer) => layer.parameters.map(({ name }) => name))
      .filter((names) => names.length > 0),
    ...facts,
    parameters: (seed) => initialState(parameters, seed),
    statistics: () => initialState(statistics, 0),
    apply: (state, x, { training, random }) =>
      tf.tidy(() => {
        const pass = createPass(state, training, random);
        return { ...run(x, pass), statistics: statisticsAfter(pass, statistics) };
      }) as EncoderOutput,
  };
}

/** Stages of maps, the last one averaged over all places: the shape of every convolutional encoder. */
export function convolutionalEncoder(network: {
  inputShape: readonly number[];
  /** Layers grouped for layer-wise decay, each group with the stage it ends, if it ends one. */
  blocks: readonly { layer: Layer; endsStage: boolean }[];
  stageShapes: readonly (readonly number[])[];
}): Encoder {
  const { blocks, inputShape, stageShapes } = network;
  const featureCount = stageShapes.at(-1)!.at(-1)!;
  const layers = blocks.map(({ layer }) => layer);
  return encoderOf({ inputShape, stageShapes, featureCount }, layers, (x, pass) => {
    const stages: Tensor[] = [];
    let value = x;
    for (const { layer, endsStage } of blocks) {
      value = layer.apply(value, pass);
      if (endsStage) stages.push(value);
    }
    return { features: globalAveragePool(value), stages };
  });
}
