/** All encoders. Adding one is adding its file and its line. */
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Modality } from '../../contract/recipe/recipe.ts';
import { convNext } from './convnext.ts';
import type { Encoder, EncoderDefinition } from './encoder.ts';
import { plain } from './plain.ts';
import { ftTransformer } from './ft-transformer.ts';
import { plainTable } from './plain-table.ts';
import { residualTable } from './residual-table.ts';
import { residual } from './residual.ts';
import { residualSignal } from './residual-signal.ts';
import { eegNet } from './signals/eegnet.ts';
import { shallowConvNet } from './signals/shallow-conv-net.ts';
import { deepConvNet } from './signals/deep-conv-net.ts';
import { eegInception } from './signals/eeg-inception.ts';
import { eegConformer } from './signals/eeg-conformer.ts';
import { stagerNet } from './signals/stager-net.ts';
import { tinySleepNet } from './signals/tiny-sleep-net.ts';
import { inceptionTime } from './signals/inception-time.ts';
import { patchTransformer } from './signals/patch-transformer.ts';
import { transformer } from './transformer.ts';
import { parseOptions } from '../../contract/fields.ts';

export const encoders: readonly EncoderDefinition[] = [
  residual,
  residualSignal,
  residualTable,
  plain,
  plainTable,
  convNext,
  transformer,
  ftTransformer,
  eegNet,
  shallowConvNet,
  deepConvNet,
  eegInception,
  eegConformer,
  stagerNet,
  tinySleepNet,
  inceptionTime,
  patchTransformer,
];

/** @throws PretextError where there is no encoder of that name for this kind of data */
export function findEncoder(id: string, modality: Modality): EncoderDefinition {
  const fitting = encoders.filter((encoder) => encoder.modalities.includes(modality));
  const found = fitting.find((encoder) => encoder.id === id);
  if (found) return found;
  throw new PretextError({
    code: 'encoder.unknown',
    message: `There is no encoder "${id}" for data of kind ${modality}.`,
    place: 'encoder.family',
    remedy: `Choose one of: ${fitting.map((encoder) => encoder.id).join(', ')}.`,
  });
}

export interface EncoderChoice {
  family: string;
  options: unknown;
}

/**
 * In what two encoders for one kind of data differ, in words: “width 16 and 32”. Empty for the same network
 * (but for what the input's own shape decides).
 */
export function encoderDifferences(
  first: EncoderChoice,
  second: EncoderChoice,
  modality: Modality,
): string[] {
  if (first.family !== second.family) return [`family ${first.family} and ${second.family}`];
  const { options } = findEncoder(first.family, modality);
  const [one, other] = [first, second].map(
    (choice) => parseOptions(options, choice.options, 'encoder.options') as Record<string, unknown>,
  );
  return Object.keys({ ...one, ...other })
    .filter((name) => one![name] !== other![name])
    .map((name) => `${name} ${String(one![name])} and ${String(other![name])}`);
}

/** The options that suit the samples where nothing is said; those that are set stay. */
export function proposedOptions(
  choice: EncoderChoice,
  modality: Modality,
  inputShape: readonly number[],
  about: SampleDescription = {},
): Record<string, unknown> {
  const proposed = findEncoder(choice.family, modality).proposes?.(inputShape, about) ?? {};
  return { ...(proposed as Record<string, unknown>), ...(choice.options as Record<string, unknown>) };
}

/**
 * All options, as `buildEncoder` takes them: to be kept with a run, whatever later versions take. Nothing is proposed
 * for the samples here, as the weights of an earlier run may be of a network without it.
 *
 * @throws PretextError where one is wrong
 */
export function writtenEncoder(
  choice: EncoderChoice,
  modality: Modality,
): EncoderChoice & { options: Record<string, unknown> } {
  const schema = findEncoder(choice.family, modality).options;
  const options = parseOptions(schema, choice.options, 'encoder.options') as Record<string, unknown>;
  return { ...choice, options };
}

/** Whether its operations are better computed side by side than each by all threads. */
export const hasSmallOperations = ({ family }: Pick<EncoderChoice, 'family'>, modality: Modality): boolean =>
  findEncoder(family, modality).smallOperations ?? false;

/** How far a place of the last maps looks, in points or pixels; null for encoders that cannot say, or look at all. */
export function reachOf(choice: EncoderChoice, modality: Modality): number | null {
  const { options, reach } = findEncoder(choice.family, modality);
  return reach ? reach(parseOptions(options, choice.options, 'encoder.options')) : null;
}

/** Checks the options and builds the encoder for an input shape, [H, W, C] or [L, C], and what is known of the values. */
export function buildEncoder(
  choice: EncoderChoice,
  modality: Modality,
  inputShape: readonly number[],
  about: SampleDescription = {},
): Encoder {
  const definition = findEncoder(choice.family, modality);
  const options = parseOptions(definition.options, choice.options, 'encoder.options');
  return definition.build(options, inputShape, about);
}
