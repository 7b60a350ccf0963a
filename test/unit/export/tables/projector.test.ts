import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectorWriter } from '../../../../src/export/tables/projector.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

async function written(names: string[], parts: number[][]) {
  const folder = temporaryFolder();
  const [vectors, metadata] = [join(folder, 'vectors.tsv'), join(folder, 'metadata.tsv')];
  const writer = projectorWriter(vectors, metadata, {
    count: names.length,
    width: 2,
    index: Int32Array.from(names, (_, at) => at),
    source: names,
    label: names.map((name) => name.toUpperCase()),
    split: names.map(() => 'train'),
    facts: {},
  });
  for (const part of parts) await writer.write(Float32Array.from(part));
  await writer.finish();
  return [vectors, metadata].map((file) => readFileSync(file, 'utf8'));
}

it('writes vectors without a header, in as many digits as tell the numbers apart', async () => {
  const [vectors] = await written(
    ['a', 'b'],
    [
      [0.5, -1],
      [1e-7, 3],
    ],
  );
  // 1e-7 as a number of 32 bits.
  expect(vectors).toBe(`0.5\t-1\n${Math.fround(1e-7)}\t3\n`);
});

it('keeps names in their cell', async () => {
  const [, metadata] = await written(['a\tb', 'c\r\nd'], [[1, 2, 3, 4]]);
  expect(metadata).toBe('index\tsource\tlabel\tsplit\n0\ta b\tA B\ttrain\n1\tc d\tC D\ttrain\n');
});

it('has a line for every sample, however many', async () => {
  const names = Array.from({ length: 4097 }, (_, at) => `n${at}`);
  const [vectors, metadata] = await written(names, [Array.from({ length: 2 * 4097 }, () => 0)]);
  expect(vectors!.split('\n')).toHaveLength(4098);
  const lines = metadata!.split('\n');
  expect([lines.length, lines[4096], lines[4097], lines[4098]]).toEqual([
    4099,
    '4095\tn4095\tN4095\ttrain',
    '4096\tn4096\tN4096\ttrain',
    '',
  ]);
});

it('leaves two files without any samples', async () => {
  expect(await written([], [])).toEqual(['', 'index\tsource\tlabel\tsplit\n']);
});
