/** How new samples are read for a model: as its training data were, but for what they are called and grouped by. */
import { z } from 'zod';
import { PretextError } from '../contract/errors.ts';
import type { ImportOptions } from '../contract/index.ts';
import type { ModelPreparation } from '../contract/model/model.ts';
import type { DecimalSign } from '../contract/model/prediction.ts';
import { ownOptions } from './reading/own-options.ts';
import type { Reader } from './reading/types.ts';

/**
 * What the import of the training data was told, without where labels, groups and splits came from.
 * @param everySeconds of recordings: windows over all of each begin so far apart
 * @throws PretextError `model.no-time` where nobody knows how long a window is
 */
export function optionsFor(preparation: ModelPreparation, everySeconds?: number): ImportOptions {
  const options = storedAlike(preparation);
  // Labels of new samples do not matter, wherever they change.
  const signals = { ...options.signals, mixedWindows: 'unlabeled' as const };
  if (everySeconds === undefined) return { ...options, signals };
  const { samplingRate, stored } = preparation;
  if (samplingRate === null)
    throw new PretextError({
      code: 'model.no-time',
      message:
        'Nobody knows how many samples a second the model was trained on, so its windows have no times.',
      remedy: 'Import the training data with their sampling rate, and train again.',
    });
  const windowStride = Math.max(1, Math.round(everySeconds * samplingRate));
  return {
    ...options,
    signals: { ...signals, windowLength: stored.shape[0]!, windowStride },
  };
}

/** What takes the same, as if its training data had been imported with that decimal sign. */
export function inDecimals<Taker extends { preparation: ModelPreparation }>(
  taker: Taker,
  decimal: DecimalSign | undefined,
): Taker {
  if (decimal === undefined) return taker;
  const { options } = taker.preparation;
  const text = { ...options.text, decimal };
  return { ...taker, preparation: { ...taker.preparation, options: { ...options, text } } };
}

/** Readers of recordings cut windows from one end to the other where nothing says what is in them. */
const WHOLE_RECORDINGS = { labelSource: 'nothing', cut: 'auto' };

export function ownOptionsFor(reader: Reader, options: ImportOptions, isWhole: boolean): unknown {
  const own =
    isWhole && reader.options instanceof z.ZodObject && 'labelSource' in reader.options.shape
      ? WHOLE_RECORDINGS
      : {};
  return ownOptions(reader, { ...options, options: { ...options.options, ...own } });
}

function storedAlike({ options, stored, bits }: ModelPreparation): ImportOptions {
  const channels = stored.shape[2];
  const color = channels === 1 ? 'grey' : channels === 3 ? 'color' : options.images.color;
  return {
    ...options,
    path: '.',
    folders: 'ignored',
    images: { ...options.images, color, ...(bits !== null && { bits }) },
  };
}
