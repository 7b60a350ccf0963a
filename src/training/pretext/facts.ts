/** What a task asks of samples beside their values: read for each batch, in the order of the batch. */
import { PretextError } from '../../contract/errors.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import type { Batch } from '../../data/index.ts';
import type { SampleFact, SampleFacts } from '../../learning/pretext/task.ts';
import type { State, TensorSpec, TypedArray } from '../../tensor/index.ts';
import { readSamples, typedSamples } from '../samples/reader.ts';
import { batchOf } from '../step/program.ts';

/** As inputs of a step: `fact-group`, … */
const inputName = (fact: SampleFact) => `fact-${fact}`;

export function factInputs(
  asks: readonly SampleFact[],
  sample: TensorSpec,
  batchSize: number,
): Record<string, TensorSpec> {
  const specs: Record<SampleFact, TensorSpec> = {
    group: { shape: [batchSize], dtype: 'int32' },
    recording: { shape: [batchSize], dtype: 'int32' },
    time: { shape: [batchSize], dtype: 'float32' },
    neighbours: batchOf(sample, batchSize),
  };
  return Object.fromEntries(asks.map((fact) => [inputName(fact), specs[fact]]));
}

/** The facts among the inputs of a step. */
export const factsAmong = (asks: readonly SampleFact[], inputs: State): SampleFacts =>
  Object.fromEntries(asks.map((fact) => [fact, inputs[inputName(fact)]!]));

type Place = Pick<Batch, 'indices' | 'datasetIndices'>;

export interface FactSource {
  of(batch: Place): Promise<Record<string, TypedArray>>;
}

/**
 * @param pretraining of every dataset the samples that pretraining sees: no other is ever a neighbour
 * @throws PretextError where a dataset does not know what is asked
 */
export function createFacts(
  asks: readonly SampleFact[],
  datasets: readonly DatasetSelection[],
  pretraining: readonly Int32Array[],
): FactSource {
  for (const dataset of datasets) for (const fact of asks) requireFact(dataset, fact);
  const groups = numbersApart(datasets.map((one) => one.groups ?? new Int32Array()));
  const recordings = numbersApart(datasets.map((one) => one.recordings ?? new Int32Array()));
  const nexts = asks.includes('neighbours')
    ? datasets.map((dataset, i) => neighboursOf(dataset, pretraining[i]!))
    : [];
  const sources: Record<SampleFact, (batch: Place) => TypedArray | Promise<TypedArray>> = {
    group: (batch) => ofEach(batch, groups, Int32Array),
    recording: (batch) => ofEach(batch, recordings, Int32Array),
    time: (batch) =>
      ofEach(
        batch,
        datasets.map(({ times }) => times!),
        Float32Array,
      ),
    neighbours: (batch) => readMixed(datasets, { ...batch, indices: ofEach(batch, nexts, Int32Array) }),
  };
  return {
    async of(batch) {
      const found: Record<string, TypedArray> = {};
      for (const fact of asks) found[inputName(fact)] = await sources[fact](batch);
      return found;
    },
  };
}

function requireFact({ name, groups, recordings }: DatasetSelection, fact: SampleFact): void {
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

/** Of every sample the next of its recording; see `SampleFact`. */
export function neighboursOf(
  { recordings, times, offsets }: Pick<DatasetSelection, 'recordings' | 'times' | 'offsets'>,
  pretraining: Int32Array,
): Int32Array {
  const next = Int32Array.from({ length: offsets.length }, (_, sample) => sample);
  const byRecording = Map.groupBy(pretraining, (sample) => recordings![sample]!);
  for (const [recording, members] of byRecording) {
    if (recording < 0) continue;
    const inOrder = members.toSorted((a, b) => times![a]! - times![b]! || a - b);
    inOrder.forEach((sample, place) => {
      next[sample] = inOrder[place + 1] ?? inOrder[place - 1] ?? sample;
    });
  }
  return next;
}

/** Samples of several datasets, in the order of the batch. */
async function readMixed(
  datasets: readonly DatasetSelection[],
  { indices, datasetIndices }: Place,
): Promise<TypedArray> {
  const { dtype } = datasets[0]!;
  const parts = await Promise.all(
    datasets.map((dataset, i) => {
      const own = indices.filter((_, place) => datasetIndices[place] === i);
      return own.length > 0 ? readSamples(dataset, own) : new Uint8Array();
    }),
  );
  const size = parts.reduce((sum, { length }) => sum + length, 0) / indices.length;
  const all = new Uint8Array(size * indices.length);
  const taken = parts.map(() => 0);
  datasetIndices.forEach((dataset, place) => {
    const from = taken[dataset]!++ * size;
    all.set(parts[dataset]!.subarray(from, from + size), place * size);
  });
  return typedSamples(all, dtype);
}
