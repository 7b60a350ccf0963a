/**
 * Which samples a pretext run trains on, and on which its health is looked at.
 *
 * Health is looked at on samples of the validation split, of all datasets of the run together. Where no dataset
 * has one (nothing is labeled), a twentieth of the training samples is drawn once, alike for every run on this
 * data, and kept out of pretraining. Test samples are never looked at. Two cases leave no unseen samples: a
 * transductive run, which was told to train on the validation split, and data too small to spare any; there,
 * samples that were trained on are looked at, and the run says so.
 */
import { SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import type { DatasetSelection } from '../../../contract/messages/dataset-selection.ts';
import { drawnIndices, indicesOfSplit } from '../../samples/selection.ts';

/** Samples of some datasets: one list of indices for each dataset of the run, in the order of the datasets. */
export type SampleLists = Int32Array[];

export interface HeldOut {
  pretraining: SampleLists;
  /** At most `MOST_SAMPLES`. */
  health: SampleLists;
  /** Whether pretraining never sees the samples that health is looked at. */
  unseen: boolean;
}

const MOST_SAMPLES = 512;
const KEPT_OUT_SHARE = 1 / 20;
/** Fewer say nothing about a representation. */
const FEWEST_SAMPLES = 32;

export interface HeldOutRequest {
  datasets: readonly DatasetSelection[];
  /** Of every dataset, the samples that pretraining would see if nothing were kept out. */
  pretraining: SampleLists;
  includeHeldOut: boolean;
  batchSize: number;
}

export function chooseHeldOut({ datasets, pretraining, includeHeldOut, batchSize }: HeldOutRequest): HeldOut {
  const validation = datasets.map((dataset) => indicesOfSplit(dataset, 'validation'));
  if (countOf(validation) >= FEWEST_SAMPLES)
    return { pretraining, health: draw(validation, MOST_SAMPLES), unseen: !includeHeldOut };
  // Test samples are never looked at, also where a transductive run trains on them.
  const training = pretraining.map((indices, i) =>
    indices.filter((index) => datasets[i]!.splits[index] === SPLIT_CODE.train),
  );
  const total = countOf(training);
  const spare = Math.min(MOST_SAMPLES, Math.floor(total * KEPT_OUT_SHARE), total - 2 * batchSize);
  if (includeHeldOut || spare < FEWEST_SAMPLES)
    return { pretraining, health: draw(training, MOST_SAMPLES), unseen: false };
  const health = draw(training, spare);
  return { pretraining: without(pretraining, health), health, unseen: true };
}

/** For a run that began before anything was kept out: it goes on with the samples that it has. */
export function nothingKeptOut(request: HeldOutRequest): HeldOut {
  const { pretraining } = request;
  const chosen = chooseHeldOut(request);
  const same = countOf(pretraining) === countOf(chosen.pretraining);
  return same ? chosen : { pretraining, health: chosen.health, unseen: false };
}

export const countOf = (lists: SampleLists): number => lists.reduce((sum, { length }) => sum + length, 0);

/** At most `most` samples, drawn once and for all from all lists together. */
export function draw(lists: SampleLists, most: number): SampleLists {
  const chosen = drawnIndices(
    Int32Array.from({ length: countOf(lists) }, (_, i) => i),
    most,
    'health',
  );
  let start = 0;
  return lists.map((list) => {
    const own = chosen.filter((place) => place >= start && place < start + list.length);
    const indices = own.map((place) => list[place - start]!);
    start += list.length;
    return indices;
  });
}

function without(lists: SampleLists, taken: SampleLists): SampleLists {
  return lists.map((list, i) => {
    const gone = new Set(taken[i]);
    return list.filter((index) => !gone.has(index));
  });
}
