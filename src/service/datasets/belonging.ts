/** What each sample of a dataset belongs to: its group, or its recording and when in it. */
import { bytesOfSample } from '../../contract/data/sample-values.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import {
  listRecordings,
  readGroups,
  readRecordings,
  type ReadableProject,
  type StoredDataset,
  type StoredPlace,
} from '../../project/index.ts';

/** Groups of the samples, where there are some. */
export async function groupsOf(
  project: ReadableProject,
  { dataset, key }: StoredDataset,
): Promise<Pick<DatasetSelection, 'groups'>> {
  if (dataset.split.groups === 0) return {};
  const { ids } = await readGroups(project, key, dataset.sampleCount);
  return { groups: ids };
}

/**
 * Which recording each sample is a part of, and when in it; nothing where that is not known.
 *
 * A gap of a recording has no rows in the shard, but its time: windows on both sides of it are as far apart as they were.
 */
export async function recordingsOf(
  project: ReadableProject,
  { dataset, key }: StoredDataset,
): Promise<Pick<DatasetSelection, 'recordings' | 'times'>> {
  const places = await readRecordings(project, key, dataset.sampleCount);
  if (!places) return {};
  const rowBytes = bytesOfSample([dataset.shape.at(-1)!], dataset.dtype);
  const rate = dataset.samplingRate ?? 1;
  const lost = lostSeconds(listRecordings(project, key), rowBytes, rate);
  return {
    recordings: places.recordings,
    times: Float32Array.from(places.bytes, (bytes, sample) => {
      const offset = places.offsets[sample]!;
      return bytes / (rowBytes * rate) + lost(offset - bytes, offset);
    }),
  };
}

/**
 * Seconds that are missing in a recording between two bytes of the shard.
 *
 * @param places in the order of the shard
 */
export function lostSeconds(
  places: readonly Pick<StoredPlace, 'byteOffset' | 'rows' | 'stretches'>[],
  rowBytes: number,
  rate: number,
): (from: number, to: number) => number {
  // Of each stretch but the first of its recording: where it begins, and what is missing up to it.
  const gaps = places.flatMap(({ byteOffset, stretches }) => {
    const [first] = stretches;
    return stretches.map(({ start, seconds }) => ({
      byte: byteOffset + start * rowBytes,
      lost: seconds - first!.seconds - (start - first!.start) / rate,
    }));
  });
  const lostBefore = (byte: number) => {
    let [low, high] = [0, gaps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (gaps[middle]!.byte <= byte) low = middle + 1;
      else high = middle;
    }
    return gaps[low - 1]?.lost ?? 0;
  };
  return (from, to) => (gaps.length === places.length ? 0 : Math.max(0, lostBefore(to) - lostBefore(from)));
}
