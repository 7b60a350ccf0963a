import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { strFromU8, unzipSync } from 'fflate';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import type { EmbeddingFormat } from '../../../../src/contract/model/export.ts';
import type { EmbeddedSamples } from '../../../../src/export/tables/embedded-samples.ts';
import { embeddingFiles, openEmbeddings } from '../../../../src/export/tables/embeddings.ts';
import { npyHeader } from '../../../../src/export/tables/npz.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pretext-embeddings-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const samples: EmbeddedSamples = {
  count: 3,
  width: 2,
  index: Int32Array.of(0, 1, 2),
  source: ['a.png', 'b\tc.png', 'grün 🌱.png'],
  label: ['cat', '', 'dog'],
  split: ['train', 'left-out', 'test'],
  facts: { model: 'm' },
};
const features = Float32Array.of(0.5, -1, 2, 3.25, 1e-7, 7);

/** In two parts, as they come. */
async function written(format: EmbeddingFormat): Promise<string[]> {
  const files = embeddingFiles(format, join(folder, `x.${format}`));
  const writer = openEmbeddings(
    format,
    files.map((file) => ({ file, temporary: file })),
    samples,
  );
  await writer.write(features.slice(0, 4));
  await writer.write(features.slice(4));
  await writer.finish();
  return files;
}

it('writes an archive that NumPy reads', async () => {
  const [file] = await written('npz');
  const found = unzipSync(readFileSync(file!));
  expect(Object.keys(found).sort()).toEqual([
    'features.npy',
    'index.npy',
    'label.npy',
    'source.npy',
    'split.npy',
  ]);
  const header = strFromU8(found['features.npy']!.subarray(10, 128));
  expect(header.trim()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }");
  expect(new Float32Array(found['features.npy']!.slice(128).buffer)).toEqual(features);
  expect(new Int32Array(found['index.npy']!.slice(128).buffer)).toEqual(samples.index);
  const text = new Uint32Array(found['source.npy']!.slice(128).buffer);
  const width = text.length / 3;
  const rows = [0, 1, 2].map((row) =>
    String.fromCodePoint(...text.slice(row * width, (row + 1) * width).filter((code) => code > 0)),
  );
  expect(rows).toEqual(samples.source);
});

it('begins an array as NumPy does', () => {
  // numpy.lib.format.write_array_header_1_0 of shape (5,) and '<i4'.
  const header = Buffer.from(npyHeader('<i4', [5]));
  expect(header.length).toBe(128);
  expect(header.subarray(0, 10).toString('hex')).toBe('934e554d505901007600');
  expect(header.at(-1)).toBe(0x0a);
});

it('writes Parquet with a column a feature, and null where there is no label', async () => {
  const [file] = await written('parquet');
  const buffer = new Uint8Array(readFileSync(file!)).buffer;
  const rows = await parquetReadObjects({ file: buffer });
  expect(rows).toEqual([
    { index: 0, source: 'a.png', label: 'cat', split: 'train', feature_0: 0.5, feature_1: -1 },
    { index: 1, source: 'b\tc.png', label: null, split: 'left-out', feature_0: 2, feature_1: 3.25 },
    {
      index: 2,
      source: 'grün 🌱.png',
      label: 'dog',
      split: 'test',
      feature_0: Math.fround(1e-7),
      feature_1: 7,
    },
  ]);
  expect(parquetMetadata(buffer).key_value_metadata).toEqual([{ key: 'model', value: 'm' }]);
});

it('writes vectors and their table for projectors, names without tabs', async () => {
  const [vectors, metadata] = await written('tsv');
  expect(readFileSync(vectors!, 'utf8')).toBe('0.5\t-1\n2\t3.25\n1.0000000116860974e-7\t7\n');
  expect(readFileSync(metadata!, 'utf8').split('\n')).toEqual([
    'index\tsource\tlabel\tsplit',
    '0\ta.png\tcat\ttrain',
    '1\tb c.png\t\tleft-out',
    '2\tgrün 🌱.png\tdog\ttest',
    '',
  ]);
  expect(readdirSync(folder).sort()).toEqual(['x-metadata.tsv', 'x.tsv']);
});
