/** What learning knows of a kind of data: how samples are changed at random, and what suits them. */
import type { z } from 'zod';
import type { Modality } from '../../contract/data/modality.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import type { Tensor } from '../../tensor/index.ts';
import type { ChannelStatistics } from '../channels.ts';
import type { SmallCropOptions } from '../views/multi-crop.ts';

/** How one view of a batch of samples is made. */
export interface ModalityViews<Options extends object = object> {
  /** The name under which tasks have the options of their views. */
  field: `${string}Views`;
  /** All options: the usual ones, but for these changes. */
  options(changes?: Partial<Options>): Options;
  /** The options as one field of a task; `defaults` replace the usual ones. */
  schema(defaults?: Partial<Options>, title?: string): z.ZodType<Options>;
  /**
   * What suits these samples better than a task's own views; what the task proposes for its data and a recipe says wins.
   *
   * @param own what the task takes where nobody says anything, all options
   */
  proposes?(about: SampleDescription, own: Options): Partial<Options>;
  /** What that goes by, in a sentence or two. */
  proposesBecause?(about: SampleDescription, own: Options): string;
  /**
   * The options with what the recordings themselves say (their rate), checked.
   *
   * @throws PretextError where what is asked for cannot be made without
   */
  complete?(options: Options, about: SampleDescription): Options;
  /**
   * One view of each sample, drawn and applied.
   *
   * @param samples raw, in stored units [N, …, C]
   * @param sides of the view where they are to be others than the samples'
   * @returns float32 in stored units
   */
  random(request: ViewRequest<Options>): Tensor;
  /** A view that shows a part of each sample, of those sides, and is otherwise changed as usual. */
  part(request: ViewRequest<Options> & { sides: readonly number[]; crops: SmallCropOptions }): Tensor;
  /** What fine-tuning calls by name. */
  presets: { mild: Options; strong: Options };
  /** Changes for tasks that restore what was there: what is to be restored stays as it is. */
  gentle: Partial<Options>;
}

export interface ViewRequest<Options extends object = object> {
  samples: Tensor;
  /** int32 [2]; the same seed gives the same view. */
  seed: Tensor;
  options: Options;
  statistics: ChannelStatistics;
  sides?: readonly number[];
}

export interface LearningModality<Options extends object = object> {
  id: Modality;
  views: ModalityViews<Options>;
  /** Training that suits tasks which tell views of one sample from others, and tasks which compare two views alone. */
  training: { contrast: { learningRate: number; epochs: number }; twoViews: { epochs: number } };
  /** Least side of what an encoder gets to see: below it its deeper kernels would meet nothing but their centre. */
  leastSide: number;
  /** Whether a small part of a sample shows enough to tell it by. */
  partsTell(inputShape: readonly number[]): boolean;
  /** Why tasks that fill in what is missing suit it well, where they do. */
  fillsIn?: string;
}

/** Keeps the type of the options together, then forgets it for the registry. */
export function defineModality<Options extends object>(
  modality: LearningModality<Options>,
): LearningModality {
  return modality as unknown as LearningModality;
}
