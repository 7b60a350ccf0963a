import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { parquetWriter } from '../../../../src/export/tables/parquet.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

async function written(count: number, parts: number[][]) {
  const file = join(temporaryFolder(), 'a.parquet');
  const names = Array.from({ length: count }, (_, at) => `${at}.png`);
  const writer = parquetWriter(file, {
    count,
    width: 2,
    index: Int32Array.from(names, (_, at) => 10 + at),
    source: names,
    label: names.map((_, at) => (at % 2 === 0 ? 'cat' : '')),
    split: names.map(() => 'test'),
    facts: { model: 'Cells', dataset: 'grün' },
  });
  for (const part of parts) await writer.write(Float32Array.from(part));
  await writer.finish();
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

it('has a column for every feature, and nothing where there is no label', async () => {
  const file = await written(3, [
    [0.5, -1],
    [2, 3.25, NaN, 7],
  ]);
  const rows = await parquetReadObjects({ file });
  expect(rows).toEqual([
    { index: 10, source: '0.png', label: 'cat', split: 'test', feature_0: 0.5, feature_1: -1 },
    { index: 11, source: '1.png', label: null, split: 'test', feature_0: 2, feature_1: 3.25 },
    { index: 12, source: '2.png', label: 'cat', split: 'test', feature_0: NaN, feature_1: 7 },
  ]);
});

it('says of itself where it comes from, and types its columns', async () => {
  const metadata = parquetMetadata(await written(1, [[1, 2]]));
  expect(metadata.key_value_metadata).toEqual([
    { key: 'model', value: 'Cells' },
    { key: 'dataset', value: 'grün' },
  ]);
  expect(metadata.created_by).toBe('Pretext Studio');
  expect(metadata.schema.slice(1).map(({ name, type }) => [name, type])).toEqual([
    ['index', 'INT32'],
    ['source', 'BYTE_ARRAY'],
    ['label', 'BYTE_ARRAY'],
    ['split', 'BYTE_ARRAY'],
    ['feature_0', 'FLOAT'],
    ['feature_1', 'FLOAT'],
  ]);
});

it('is a whole file without any rows', async () => {
  const file = await written(0, []);
  expect(await parquetReadObjects({ file })).toEqual([]);
});
