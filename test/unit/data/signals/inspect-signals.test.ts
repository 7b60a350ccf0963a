import { expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/data/import.ts';
import { listFiles } from '../../../../src/data/reading/listing.ts';
import { inspectSignals } from '../../../../src/data/signals/inspect-signals.ts';
import { textSchema } from '../../../../src/data/signals/recorded/options.ts';
import { folderOf } from '../../../fixtures/imports.ts';
import { noise, table } from '../delimited/heads.ts';

const AS_TABLE =
  'Rows are taken to follow each other in time. Where each is a sample of its own, choose the format “delimited-table”.';
const rows = (count = 200) =>
  table('time,x,label', count, (at) => [(at / 50).toFixed(3), noise(at), at < count / 2 ? 'walk' : 'run']);
async function look(files: Record<string, string>, options: object = {}, own: object = {}) {
  const folder = await folderOf(files);
  return inspectSignals(
    await listFiles(folder),
    importSchema.parse({ path: folder, ...options }),
    textSchema.parse(own),
  );
}

it('says in sentences how a text is read', async () => {
  const found = await look({ 'a.csv': rows() });
  expect(found.notes).toEqual([
    '1 text file, one recording each.',
    '3 columns, parted by commas, names in a header, UTF-8.',
    '1 channel: x.',
    '50 Hz, from “time”.',
    'Labels for every sample from “label”: walk, run.',
    AS_TABLE,
  ]);
  expect(found.preparation).toEqual({ rate: 50, channels: 1 });
  expect(found.labelsFrom).toBe('column');
});

it('shows columns with their roles, and the first rows', async () => {
  const { grid, exampleRows, columns } = await look({ 'a.csv': rows() });
  expect(columns).toEqual(['time', 'x', 'label']);
  expect(grid!.map(({ name, role, why }) => [name, role, why])).toEqual([
    ['time', 'time', 'time, taken as seconds'],
    ['x', 'channel', 'numbers'],
    ['label', 'label', 'named as a label'],
  ]);
  expect(exampleRows).toHaveLength(6);
});

it('tells of decimal commas, where data begin, and the rate that a file states', async () => {
  const text = `# Sampling rate: 100 Hz\nx;y\n${Array.from({ length: 40 }, (_, at) => `${noise(at).replace('.', ',')};${noise(at + 3).replace('.', ',')}\n`).join('')}`;
  const { notes } = await look({ 'a.csv': text });
  expect(notes[1]).toBe('2 columns, parted by semicolons, decimal commas, names in a header, UTF-8.');
  expect(notes).toContain('Data begin in line 3.');
  expect(notes).toContain('100 Hz, as the file says.');
  expect((await look({ 'a.csv': text }, { signals: { samplingRate: 250 } })).notes).toContain(
    '250 Hz, as given.',
  );
});

it('counts classes where folders give them, not where a column does', async () => {
  const plain = (seed: number) => table('time,x', 100, (at) => [(at / 50).toFixed(3), noise(at + seed)]);
  const folders = await look({ 'cat/a.csv': plain(0), 'dog/a.csv': plain(9) });
  expect(folders.classes.map(({ name }) => name)).toEqual(['cat', 'dog']);
  const column = await look({ 'a.csv': rows() });
  expect([column.classes, column.unlabeled]).toEqual([[], 0]);
});

it('warns of recordings shorter than a window, at the rate that they are brought to', async () => {
  const short = async (signals: object) =>
    (await look({ 'a.csv': rows(40) }, { signals: { windowLength: 64, ...signals } })).doubts!.length;
  expect([await short({}), await short({ resampleTo: 100 })]).toEqual([1, 0]);
});

it('says of files that cannot be read why, and of none what to do', async () => {
  const found = await look({ 'a.csv': '', 'b.csv': '# nothing\n' });
  expect(found).toEqual({
    classes: [],
    notes: [
      '2 text files, one recording each.',
      '“a.csv”: The file is empty (0 bytes). Copy it again from its source.',
      '“b.csv”: The file holds no rows.',
    ],
  });
});
