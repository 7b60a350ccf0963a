import { expect, it, onTestFinished } from 'vitest';
import { ShardWriter } from '../../../../src/data/shards/writer.ts';
import {
  getDataset,
  insertRecordings,
  listRecordings,
  shardFile,
  type NewSample,
} from '../../../../src/project/index.ts';
import { createRecordings } from '../../../../src/service/datasets/recordings.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

const ROWS = 40;
const CHANNELS = 2;
const WINDOW = 10;
const BYTES = 4 * CHANNELS;
const place = { begun: null, subject: null, stretches: [{ start: 0, end: ROWS, seconds: 0 }] };

/** Two recordings of windows one after the other; the value is the row in the shard, negative in the second channel. */
async function made(recorded: boolean) {
  const project = temporaryProject();
  const samples = Array.from({ length: (2 * ROWS) / WINDOW }, (_, index): NewSample => {
    const byteOffset = index * WINDOW * BYTES;
    return sample(index, { byteOffset, recording: Math.floor((index * WINDOW) / ROWS) });
  });
  const { id, key } = addDataset(project, 'nights', samples, {
    modality: 'signal',
    shape: [WINDOW, CHANNELS],
    dtype: 'float32',
  });
  const writer = await ShardWriter.create(shardFile(project.folder, getDataset(project, id).shard));
  const values = Float32Array.from({ length: 2 * ROWS * CHANNELS }, (_, at) =>
    at % 2 === 0 ? at / 2 : -(at - 1) / 2,
  );
  await writer.append(new Uint8Array(values.buffer));
  await writer.finish();
  if (recorded)
    insertRecordings(project, key, 0, [
      { ...place, path: 'a.edf', start: 0, rows: ROWS, marks: [] },
      { ...place, path: 'b.edf', start: ROWS * BYTES, rows: ROWS, marks: [] },
    ]);
  const recordings = createRecordings(project);
  onTestFinished(() => recordings.close());
  return { project, id, key, recordings };
}

it.each([true, false])(
  'gives the pictures and windows of one recording (known before: %s)',
  async (known) => {
    const { project, id, key, recordings } = await made(known);
    const wish = { datasetId: id, recording: 1, rowsPerColumn: 20, firstColumn: 0, columns: 3 };
    const tile = await recordings.tile({ ...wish, montage: 'stored' });
    const bytes = Uint8Array.from(Buffer.from(tile.values, 'base64'));
    const columns = [
      [40, 59, -59, -40],
      [60, 79, -79, -60],
      [NaN, NaN, NaN, NaN],
    ];
    expect([...new Float32Array(bytes.buffer)]).toEqual(columns.flat());
    const part = recordings.part({ datasetId: id, recording: 1, from: 10, to: 30, limit: 100 });
    expect(part.windows.map(({ index, start }) => [index, start])).toEqual([
      [4, 0],
      [5, 10],
      [6, 20],
    ]);
    expect(recordings.placeOf(id, 6)).toEqual({ recording: 1, start: 20, rows: WINDOW });
    expect(listRecordings(project, key)).toHaveLength(2);
  },
);

it('says that a dataset has no recording of a number', async () => {
  const { id, recordings } = await made(true);
  const wish = { datasetId: id, recording: 2, from: 0, to: 10, limit: 10 };
  expect(() => recordings.part(wish)).toThrow('“nights” has no recording 3');
});
