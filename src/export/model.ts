/** A model as exports take it: plain values, wherever it came from. */
import type { SampleDescription } from '../contract/data/sample-description.ts';
import type { SampleType } from '../contract/data/sample-values.ts';
import type { Modality } from '../contract/recipe/recipe.ts';
import type { ChannelStatistics } from '../learning/channels.ts';
import type { EncoderChoice } from '../learning/encoders/registry.ts';
import type { FolderFile } from '../machine/whole-folder.ts';
import type { StateArrays } from '../tensor/index.ts';

export interface ExportedModel {
  name: string;
  modality: Modality;
  encoder: EncoderChoice;
  /** What is known of the values, which encoders of tables are built for. */
  about: SampleDescription;
  /** Of one sample: [H, W, C], [L, C] or [D]. */
  inputShape: readonly number[];
  /** How stored samples are kept; the exported model takes the same numbers as float32. */
  sampleType: SampleType;
  channelStatistics: ChannelStatistics;
  /** Null for an encoder alone. */
  head: ExportedHead | null;
  /** One network, or several of the same kind whose answers are averaged; at least one. */
  members: readonly ExportedMember[];
  /** What happened to a sample before it came to the model, one sentence each: resizing, filters, rates. */
  preparation: readonly string[];
  /** What it was trained on and how well it answers, one sentence each. */
  facts: readonly string[];
}

export interface ExportedMember {
  /** `encoder/…` and, with a head, `head/…`; what else lies there is left behind. */
  weights: StateArrays;
  /** Of each number: what the head gives, times the deviation, plus the mean, is in its own unit. */
  scales: readonly { mean: number; deviation: number }[] | null;
}

export type ExportedHead =
  | {
      /** Classes share one probability of 1 (a softmax); labels have one each (a sigmoid). */
      kind: 'classes' | 'labels';
      names: readonly string[];
      /**
       * Divides the logits (of several members: the logarithms of their mean probabilities), so that probabilities
       * can be believed; 1 where it was not fitted.
       */
      temperature: number;
    }
  | { kind: 'number' }
  | { kind: 'numbers'; names: readonly string[] };

/** The name of what a model answers, as outputs are called in every format. */
export const answerName = (head: ExportedHead): 'probabilities' | 'number' | 'numbers' =>
  head.kind === 'classes' || head.kind === 'labels' ? 'probabilities' : head.kind;

/** How many values the head answers for a sample. */
export const outputCount = (head: ExportedHead): number => (head.kind === 'number' ? 1 : head.names.length);

/** One file of an export. */
export type ExportedFile = FolderFile;
