import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { getDataset, shardFile } from '../../../../src/project/index.ts';
import {
  listedPlaces,
  namesOf,
  placesFromWindows,
  placesOf,
} from '../../../../src/service/datasets/recording-places.ts';
import { recordingScalesOf } from '../../../../src/service/datasets/recording-scales.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

const ROW_BYTES = 8;

/** Two recordings of 4 and 6 rows of two channels, cut into windows of 2 rows, as an earlier version imported them. */
function recorded() {
  const project = temporaryProject();
  const windows = [0, 2, 4, 6, 8].map((row, at) =>
    sample(at, {
      byteOffset: row * ROW_BYTES,
      recording: row < 4 ? 0 : 1,
      source: row < 4 ? `a.csv rows ${row + 1}–${row + 2}` : `b.csv rows ${row - 3}–${row - 2}`,
    }),
  );
  const { id } = addDataset(project, 'nights', windows, {
    modality: 'signal',
    shape: [2, 2],
    dtype: 'float32',
  });
  const stored = getDataset(project, id);
  // The first channel goes between 1 and 3, then between 10 and 20; the second stands still.
  const first = [1, 3, 1, 3, 10, 20, 10, 20, 10, 20];
  const values = Float32Array.from(first.flatMap((value) => [value, 5]));
  writeFileSync(shardFile(project.folder, stored.shard), new Uint8Array(values.buffer));
  return { project, stored };
}

it('finds recordings of an earlier import from their first window to their last', () => {
  const { project, stored } = recorded();
  const places = placesFromWindows(project, stored);
  expect(places.map(({ path, start, rows }) => [path, start, rows])).toEqual([
    ['a.csv', 0, 4],
    ['b.csv', 32, 6],
  ]);
  expect(listedPlaces(places).map(({ number, byteOffset }) => [number, byteOffset])).toEqual([
    [0, 0],
    [1, 32],
  ]);
  expect(placesOf(project, stored)).toEqual(listedPlaces(places));
  expect(namesOf(stored)).toEqual(['channel 1', 'channel 2']);
});

it('measures every recording by itself, once; a channel that stands still keeps its unit', async () => {
  const { project, stored } = recorded();
  const scales = await recordingScalesOf(project, stored);
  expect([...scales.starts]).toEqual([0, 32]);
  expect([...scales.means]).toEqual([2, 5, 15, 5]);
  [1, 1, 5, 1].forEach((deviation, at) => expect(scales.deviations[at]).toBeCloseTo(deviation, 6));
  // Kept beside the shard: nothing is read again.
  writeFileSync(shardFile(project.folder, stored.shard), '');
  expect(await recordingScalesOf(project, stored)).toEqual(scales);
});

it('has no scales for samples that are no parts of recordings', async () => {
  const project = temporaryProject();
  const { id } = addDataset(project, 'photos', [sample(0)]);
  await expect(recordingScalesOf(project, getDataset(project, id))).rejects.toThrow(
    'Samples of “photos” are no parts of recordings that could be scaled by themselves.',
  );
});
