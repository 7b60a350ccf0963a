/** Datasets of other shapes are brought to the study's common shape; the steps are kept with the run. */
import { scaledStatistics } from '../../contract/data/recordings/scales.ts';
import { scalesItself, type HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import { harmonise } from '../../data/index.ts';
import type { SampleType } from '../../contract/data/sample-values.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import { trainingStatistics } from './kept-statistics.ts';

export interface Harmonised {
  selection: DatasetSelection;
  /** Empty where the shape was right from the start. */
  steps: HarmoniseStep[];
}

export interface Wanted {
  /** Left out: the dataset’s own. */
  dtype?: SampleType | undefined;
  /** How it comes to the common form, where a person chose a way; left out: by its shape. */
  steps?: readonly HarmoniseStep[] | undefined;
  signal?: AbortSignal | undefined;
}

export async function bringToShape(
  selection: DatasetSelection,
  inputShape: readonly number[],
  { dtype = selection.dtype, steps: wanted, signal }: Wanted = {},
): Promise<Harmonised> {
  const { shard, offsets, steps } = await harmonise({
    ...selection,
    targetShape: inputShape,
    targetDtype: dtype,
    steps: wanted,
    ...(signal && { signal }),
  });
  if (steps.length === 0) return { selection, steps };
  // What is derived is scaled already.
  const { recordingScales, ...stored } = selection;
  const changed = { ...stored, shape: [...inputShape], dtype, shard, offsets: new Float64Array(offsets) };
  const statistics =
    scalesItself(steps) || recordingScales
      ? scaledStatistics(inputShape.at(-1) ?? 1)
      : await trainingStatistics(changed, signal);
  return { selection: { ...changed, channelStatistics: statistics }, steps };
}
