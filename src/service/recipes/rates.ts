/** Whether windows of two datasets last equally long, so that they can be put together. */
import type { Dataset } from '../../contract/entities.ts';

type Windows = Pick<Dataset, 'name' | 'shape' | 'samplingRate'>;

/** Clocks of two devices are not alike to the last digit. */
const TOLERANCE = 0.02;

/** Why a dataset cannot be put together with another one, and what to do; null where it can. */
export function differingRate(dataset: Windows, target: Windows): string | null {
  if (dataset.name === target.name) return null;
  const [length = 1] = dataset.shape;
  const [targetLength = 1] = target.shape;
  const { samplingRate: rate } = dataset;
  const { samplingRate: targetRate } = target;
  // Where no rate is known samples are put together as they are.
  if (rate === undefined && targetRate === undefined && length === targetLength) return null;
  if (rate === undefined || targetRate === undefined) {
    const unknown = rate === undefined ? dataset : target;
    return `Nothing says how many samples a second “${unknown.name}” holds, so its windows cannot be put together with those of “${(unknown === dataset ? target : dataset).name}”. Import it again with its sampling rate.`;
  }
  const [seconds, targetSeconds] = [length / rate, targetLength / targetRate];
  if (Math.abs(seconds - targetSeconds) <= TOLERANCE * targetSeconds) return null;
  const wanted = Math.max(8, Math.round(targetSeconds * rate));
  return `Windows of “${dataset.name}” last ${text(seconds)} s (${length} samples at ${text(rate)} Hz), those of “${target.name}” ${text(targetSeconds)} s (${targetLength} at ${text(targetRate)} Hz). Import “${dataset.name}” again with a window length of ${wanted}, which is resampled, or resampled to ${text(targetRate)} Hz with a window length of ${targetLength}.`;
}

const text = (value: number): string => String(Number(value.toPrecision(4)));
