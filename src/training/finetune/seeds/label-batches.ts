/** Batches of labeled samples of one dataset, with their targets as the loss takes them. */
import type { TargetScale } from '../../../contract/model/model.ts';
import { createBatchSource } from '../../../data/index.ts';
import type { TypedArray } from '../../../tensor/index.ts';
import type { FinetuneInputs } from '../../inputs.ts';
import { sampleBytes } from '../../samples/reader.ts';
import { balancesBatches, type LabelDraw } from '../scores/labels.ts';

export interface LabelBatches {
  /** The batch of the next step; what it holds depends on seed and step alone. */
  next(): Promise<Record<'samples' | 'targets' | 'weights', TypedArray>>;
  close(): Promise<void>;
}

export interface BatchWishes {
  /** Of each of the numbers that are predicted; null for others. */
  scales: TargetScale[] | null;
  batchSize: number;
  seed: number;
  /** The first step that is given. */
  step: number;
}

export async function labelBatches(
  job: Pick<FinetuneInputs, 'dataset' | 'finetune' | 'target'>,
  labels: LabelDraw,
  { scales, batchSize, seed, step }: BatchWishes,
): Promise<LabelBatches> {
  const { name, shard, offsets, dtype, recordingScales } = job.dataset;
  const { indices, weights, width } = labels;
  const placeOf = new Map(Array.from(indices, (sample, place) => [sample, place]));
  const targets = scaledTargets(labels.targets, scales);
  const source = await createBatchSource({
    datasets: [
      { name, shard, offsets, sampleBytes: sampleBytes(job.dataset), dtype, recordingScales, indices },
    ],
    ...(balancesBatches(job) && { strata: labels.targets }),
    batchSize,
    seed,
    startStep: step,
  });
  return {
    async next() {
      const batch = await source.next();
      const places = Array.from(batch.indices, (sample) => placeOf.get(sample)!);
      return {
        samples: batch.samples,
        targets: gathered(targets, places, width),
        weights: gathered(weights, places, width),
      };
    },
    close: () => source.close(),
  };
}

function scaledTargets(targets: LabelDraw['targets'], scales: TargetScale[] | null): LabelDraw['targets'] {
  if (!scales) return targets;
  return Float32Array.from(targets, (value, i) => {
    const { mean, deviation } = scales[i % scales.length]!;
    return (value - mean) / deviation;
  });
}

/** Rows of the places, each of so many values. */
function gathered<Values extends Int32Array | Float32Array>(
  values: Values,
  places: number[],
  width: number,
): Values {
  const chosen = values.slice(0, places.length * width) as Values;
  places.forEach((place, i) =>
    chosen.set(values.subarray(place * width, (place + 1) * width) as never, i * width),
  );
  return chosen;
}
