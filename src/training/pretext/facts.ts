/** What a task asks of samples beside their values: read for each batch, in the order of the batch. */
import { PretextError } from '../../contract/errors.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import type { Batch, BatchPlace, Beside } from '../../data/index.ts';
import {
  companionDraw,
  shareWithCompanions,
  type Belonging,
  type CompanionDraw,
} from '../../learning/pretext/parts/companions.ts';
import type { Companions, SampleFact, SampleFacts } from '../../learning/pretext/task.ts';
import { randomStream } from '../../learning/random.ts';
import type { State, TensorSpec, TypedArray } from '../../tensor/index.ts';

/** As inputs of a step: `fact-group`, … */
const inputName = (fact: SampleFact) => `fact-${fact}`;

/** What a task wants to know of samples, and the companions that it draws for them. */
export interface Asked {
  asks: readonly SampleFact[];
  /** Null where it wants none. */
  companions: Companions | null;
}

export function factInputs(
  { asks, companions }: Asked,
  sample: TensorSpec,
  batchSize: number,
): Record<string, TensorSpec> {
  const each = companions?.count ?? 0;
  const specs: Record<SampleFact, TensorSpec> = {
    group: { shape: [batchSize], dtype: 'int32' },
    recording: { shape: [batchSize], dtype: 'int32' },
    time: { shape: [batchSize], dtype: 'float32' },
    companions: { ...sample, shape: [batchSize, each, ...sample.shape] },
    found: { shape: [batchSize, each], dtype: 'float32' },
  };
  return Object.fromEntries(asks.map((fact) => [inputName(fact), specs[fact]]));
}

/** The facts among the inputs of a step. */
export const factsAmong = (asks: readonly SampleFact[], inputs: State): SampleFacts =>
  Object.fromEntries(asks.map((fact) => [fact, inputs[inputName(fact)]!]));

type Place = Pick<Batch, 'indices' | 'datasetIndices'>;

export interface FactSource {
  /** What is read beside each batch; left out where the task has no companions. */
  beside?: (place: BatchPlace) => Beside;
  of(batch: Batch): Record<string, TypedArray>;
}

/** A task that finds what it looks for in fewer of the samples than this would learn from next to nothing. */
const LEAST_SHARE = 0.05;

/**
 * @param seed of the run: companions of a step depend on it and on the number of the step alone
 * @param pretraining of every dataset the samples that pretraining sees: no other is ever a neighbour
 * @throws PretextError where a dataset does not know what is asked
 */
export function createFacts(
  { asks, companions }: Asked,
  datasets: readonly DatasetSelection[],
  pretraining: readonly Int32Array[],
  seed = 0,
): FactSource {
  if (companions) for (const dataset of datasets) requireFact(dataset, companions.among);
  for (const dataset of datasets) for (const fact of asks) requireFact(dataset, fact);
  const groups = numbersApart(datasets.map((one) => one.groups ?? new Int32Array()));
  const recordings = numbersApart(datasets.map((one) => one.recordings ?? new Int32Array()));
  const draws = companions ? companionDraws(companions, datasets, pretraining) : [];
  const sources: Record<SampleFact, (batch: Batch) => TypedArray> = {
    group: (batch) => ofEach(batch, groups, Int32Array),
    recording: (batch) => ofEach(batch, recordings, Int32Array),
    time: (batch) =>
      ofEach(
        batch,
        datasets.map(({ times }) => times!),
        Float32Array,
      ),
    companions: (batch) => batch.beside!.samples,
    found: (batch) => batch.beside!.found,
  };
  return {
    ...(companions && { beside: (place) => drawCompanions(draws, place, companions.count, seed) }),
    of: (batch) => Object.fromEntries(asks.map((fact) => [inputName(fact), sources[fact](batch)])),
  };
}

/** @throws PretextError `pretext.no-companions` where hardly a sample has what the task looks for */
function companionDraws(
  companions: Companions,
  datasets: readonly DatasetSelection[],
  pretraining: readonly Int32Array[],
): CompanionDraw[] {
  const draws = datasets.map((dataset, i) =>
    companionDraw(companions, belongingOf(dataset, companions.among), pretraining[i]!),
  );
  const shares = draws.map((draw, i) => shareWithCompanions(draw, pretraining[i]!));
  const samples = pretraining.reduce((sum, { length }) => sum + length, 0);
  const found = shares.reduce((sum, share, i) => sum + share * pretraining[i]!.length, 0);
  if (found >= LEAST_SHARE * samples) return draws;
  throw new PretextError({
    code: 'pretext.no-companions',
    message: `Each sample needs ${companions.words}. Found for ${Math.round((1000 * found) / samples) / 10} % of the ${samples} samples that pretraining sees.`,
    place: 'pretext.options',
    remedy:
      companions.among === 'recording'
        ? 'Ask for windows that are nearer, cut recordings into more windows (a shorter window or stride), or choose another pretext task.'
        : 'Import with a group that several samples share, or choose another pretext task.',
  });
}

function belongingOf(dataset: DatasetSelection, among: Companions['among']): Belonging {
  const { groups, recordings, times, shape, about } = dataset;
  return {
    units: (among === 'group' ? groups : recordings)!,
    ...(among === 'recording' && { times, groups }),
    windowTime: shape[0]! / (about?.samplingRate ?? 1),
  };
}

/**
 * Companions of every sample of a batch one after the other; where there is none, the sample itself. A part of a batch
 * gets those that are drawn for the whole one.
 */
function drawCompanions(
  draws: readonly CompanionDraw[],
  place: BatchPlace,
  count: number,
  seed: number,
): Beside {
  const { partOf, step } = place;
  const whole = drawAll(draws, { ...(partOf ?? place), step }, count, seed);
  if (!partOf) return whole;
  const at = Int32Array.from(
    { length: partOf.places.length * count },
    (_, own) => partOf.places[Math.floor(own / count)]! * count + (own % count),
  );
  return {
    indices: at.map((from) => whole.indices[from]!),
    datasetIndices: at.map((from) => whole.datasetIndices[from]!),
    found: Float32Array.from(at, (from) => whole.found[from]!),
  };
}

function drawAll(
  draws: readonly CompanionDraw[],
  { indices, datasetIndices, step }: BatchPlace,
  count: number,
  seed: number,
): Beside {
  const stream = randomStream(seed, `companions/${step}`);
  const drawn = {
    indices: new Int32Array(indices.length * count),
    datasetIndices: new Int32Array(indices.length * count),
    found: new Float32Array(indices.length * count),
  };
  indices.forEach((sample, place) => {
    const dataset = datasetIndices[place]!;
    draws[dataset]!(sample, stream).forEach((companion, which) => {
      const at = place * count + which;
      drawn.indices[at] = companion ?? sample;
      drawn.datasetIndices[at] = dataset;
      drawn.found[at] = companion === null ? 0 : 1;
    });
  });
  return drawn;
}

function requireFact({ name, groups, recordings }: DatasetSelection, fact: SampleFact): void {
  // Companions are asked for by what they are drawn among.
  if (fact === 'companions' || fact === 'found') return;
  if (fact === 'group' ? groups : recordings) return;
  throw new PretextError(
    fact === 'group'
      ? {
          code: 'pretext.needs-groups',
          message: `This pretext task asks which samples belong together (subject, patient, site), and ${name} has no groups.`,
          place: name,
          remedy: 'Import it again with `group`, or choose another pretext task.',
        }
      : {
          code: 'pretext.needs-recordings',
          message: `This pretext task asks where in its recording each sample stands, and that is not known of ${name}.`,
          place: name,
          remedy: 'Use windows of recordings; those of an earlier version are imported again for this.',
        },
  );
}

/** Numbers of several datasets as numbers that no two datasets share; -1 stays. */
function numbersApart(lists: readonly Int32Array[]): Int32Array[] {
  let first = 0;
  return lists.map((list) => {
    const begin = first;
    for (const number of list) first = Math.max(first, begin + number + 1);
    return list.map((number) => (number < 0 ? number : begin + number));
  });
}

function ofEach<Values extends Int32Array | Float32Array>(
  { indices, datasetIndices }: Place,
  lists: readonly Values[],
  kind: { from(source: ArrayLike<number>, map: (sample: number, place: number) => number): Values },
): Values {
  return kind.from(indices, (sample, place) => lists[datasetIndices[place]!]![sample]!);
}
