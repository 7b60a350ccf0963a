import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import type { Column } from '../../../../../src/training/models/output/columns.ts';
import { writeTable } from '../../../../../src/training/models/output/formats.ts';
import { temporaryFolder } from '../../../../fixtures/projects.ts';

const columns: Column[] = [
  { name: 'source', type: 'STRING' },
  { name: 'probability, of cat', type: 'DOUBLE' },
];
const rows = [
  ['a, b.png', 0.1],
  ['c "d".png', null],
] as const;

async function written(format: 'csv' | 'jsonl' | 'parquet', count = 2): Promise<string> {
  const file = join(temporaryFolder(), `table.${format}`);
  const writer = writeTable(file, format, columns);
  for (const row of rows.slice(0, count)) await writer.write(row);
  await writer.finish();
  return file;
}

it('writes CSV as RFC 4180 has it: commas and quotes in quotes, what is not known empty', async () => {
  expect(readFileSync(await written('csv'), 'utf8')).toBe(
    'source,"probability, of cat"\r\n"a, b.png",0.1\r\n"c ""d"".png",\r\n',
  );
});

it('writes the names of the columns also where there is no row', async () => {
  expect(readFileSync(await written('csv', 0), 'utf8')).toBe('source,"probability, of cat"\r\n');
});

it('writes one JSON document a line', async () => {
  const lines = readFileSync(await written('jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { source: 'a, b.png', 'probability, of cat': 0.1 },
    { source: 'c "d".png', 'probability, of cat': null },
  ]);
});

it('writes Parquet that another reader reads', async () => {
  const found = await parquetReadObjects({ file: await asyncBufferFromFile(await written('parquet')) });
  expect(found.map((row) => Object.values(row).map((value) => value ?? null))).toEqual(rows);
});

it('fails aloud where the file cannot be written', async () => {
  const writer = writeTable(join(temporaryFolder(), 'no-such-folder', 'table.csv'), 'csv', columns);
  await expect(writer.write(rows[0]).then(() => writer.finish())).rejects.toThrow('ENOENT');
});

// Fits into the stream's memory: the disk is asked after all was taken.
it.skipIf(!existsSync('/dev/full')).each(['csv', 'jsonl'] as const)(
  'tells of a full disk at the end as well, once the file is closed already (%s)',
  async (format) => {
    const table = writeTable('/dev/full', format, columns);
    await table.write(rows[0]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(table.finish()).rejects.toThrow('ENOSPC');
    await table.close();
  },
);

it('is closed where nobody waits for its end, and as often as one likes', async () => {
  const file = join(temporaryFolder(), 'table.csv');
  const table = writeTable(file, 'csv', columns);
  await table.close();
  await table.close();
  const whole = writeTable(file, 'csv', columns);
  await whole.write(rows[0]);
  await whole.finish();
  await whole.close();
  expect(readFileSync(file, 'utf8')).toContain('"a, b.png",0.1');
});
