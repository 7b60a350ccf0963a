/** Datasets of other shapes are brought to the study's common shape; the steps are kept with the run. */
import { scalesItself, type HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import { channelStatistics, harmonise, openShard } from '../../data/index.ts';
import type { SampleType } from '../../contract/data/sample-values.ts';
import { SPLIT_CODE } from '../../contract/data/splits/split.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import { keptStatistics } from './kept-statistics.ts';

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
  const { shard, offsets, sampleBytes, steps } = await harmonise({
    ...selection,
    targetShape: inputShape,
    targetDtype: dtype,
    steps: wanted,
    ...(signal && { signal }),
  });
  if (steps.length === 0) return { selection, steps };
  if (scalesItself(steps)) {
    const changed = {
      shape: [...inputShape],
      dtype,
      shard,
      channelStatistics: unscaled(inputShape.at(-1) ?? 1),
    };
    return { selection: { ...selection, ...changed, offsets: new Float64Array(offsets) }, steps };
  }
  const training = offsets.filter((_, index) => selection.splits[index] === SPLIT_CODE.train);
  const channels = inputShape.at(-1) ?? 1;
  const statistics = await keptStatistics(shard, training, async () => {
    const reader = await openShard(shard, selection.name);
    try {
      return await channelStatistics(reader, training, sampleBytes, channels, dtype, signal);
    } finally {
      await reader.close();
    }
  });
  const changed = { shape: [...inputShape], dtype, shard, channelStatistics: statistics };
  return { selection: { ...selection, ...changed, offsets: new Float64Array(offsets) }, steps };
}

/** Samples that were scaled by their own dataset: nothing is left to do, for no dataset. */
const unscaled = (channels: number) => ({
  mean: new Array<number>(channels).fill(0),
  standardDeviation: new Array<number>(channels).fill(1),
});
