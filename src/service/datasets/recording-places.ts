/** Where the recordings of a dataset lie in its shard. */
import type { RecordingPlace } from '../../contract/data/recordings/recordings.ts';
import { bytesOfSample } from '../../contract/data/sample-values.ts';
import {
  findRecordedWindows,
  listRecordings,
  type ReadableProject,
  type StoredDataset,
  type StoredPlace,
} from '../../project/index.ts';

/** None of a dataset that holds no recordings; of an earlier version's import, found by its windows. */
export function placesOf(project: ReadableProject, stored: StoredDataset): StoredPlace[] {
  const found = listRecordings(project, stored.key);
  return found.length > 0 ? found : listedPlaces(placesFromWindows(project, stored));
}

/** As the project would list them. */
export const listedPlaces = (places: readonly RecordingPlace[]): StoredPlace[] =>
  places.map(({ start, marks: _marks, ...one }, number) => ({ ...one, number, byteOffset: start }));

export const namesOf = ({ dataset: { channelNames, shape } }: StoredDataset): string[] =>
  channelNames ?? Array.from({ length: shape.at(-1) ?? 1 }, (_, at) => `channel ${at + 1}`);

/** Values are float32. */
export const rowBytesOf = (stored: StoredDataset): number => 4 * namesOf(stored).length;

/** Of a dataset that an earlier version imported, or from text: from the first window of a recording to its last. */
export function placesFromWindows(project: ReadableProject, stored: StoredDataset): RecordingPlace[] {
  const { dataset, key } = stored;
  const rowBytes = rowBytesOf(stored);
  const sampleBytes = bytesOfSample(dataset.shape, dataset.dtype);
  return findRecordedWindows(project, key).map(({ source, first, last }): RecordingPlace => {
    const rows = (last - first + sampleBytes) / rowBytes;
    return {
      path: source.replace(/ rows? \d+(–\d+)?$/, ''),
      start: first,
      rows,
      begun: null,
      subject: null,
      stretches: [{ start: 0, end: rows, seconds: 0 }],
      marks: [],
    };
  });
}
