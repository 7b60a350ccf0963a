import { expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/data/import.ts';
import { createIssueList } from '../../../../src/data/reading/issues.ts';
import { listFiles } from '../../../../src/data/reading/listing.ts';
import { textSchema } from '../../../../src/data/signals/recorded/options.ts';
import { planSignals, signalFiles } from '../../../../src/data/signals/signal-plan.ts';
import { folderOf } from '../../../fixtures/imports.ts';
import { noise, table } from '../delimited/heads.ts';

const rows = (count = 40, hz = 50) =>
  table('time,x,y', count, (at) => [(at / hz).toFixed(3), noise(at), noise(at + 9)]);
async function plan(files: Record<string, string>, options: object = {}, own: object = {}) {
  const folder = await folderOf(files);
  const issues = createIssueList();
  const found = await planSignals(
    await listFiles(folder),
    importSchema.parse({ path: folder, ...options }),
    textSchema.parse(own),
    issues,
  );
  return { ...found, issues: issues.all.map(({ file, message }) => [file, message]) };
}

it('takes files that are text by their names, and lists the others', async () => {
  const folder = await folderOf({
    'a.csv': 'x',
    'b.TXT': 'x',
    'c.dat.gz': 'x',
    'readme.txt': 'x',
    'd.png': 'x',
    'e.csv.zip': 'x',
  });
  const issues = createIssueList();
  const listing = await listFiles(folder);
  expect(signalFiles(listing, issues).map(({ path }) => path)).toEqual(['a.csv', 'b.TXT', 'c.dat.gz']);
  expect(issues.all.map(({ file, message }) => [file, message])).toEqual(
    ['d.png', 'e.csv.zip'].map((file) => [
      file,
      'The name is none of a delimited text file (CSV, TSV, TXT, DAT; plain or .gz).',
    ]),
  );
  // One file is taken, whatever it is called.
  expect(signalFiles({ ...listing, isFile: true }, null)).toHaveLength(6);
});

it('plans columns, rate and preparation, and counts rows of small files', async () => {
  const found = await plan({ 'a.csv': rows(40), 'b.csv': rows(30) });
  expect(found.plan!.channels.map(({ name }) => name)).toEqual(['x', 'y']);
  expect([found.rate, found.rows, found.unreadable, found.prepared.steps]).toEqual([50, [40, 30], [], []]);
  expect((await plan({ 'a.csv': rows(3000) })).rows).toEqual([null]);
  expect((await plan({ 'a.csv': rows() }, { signals: { resampleTo: 25 } })).rate).toBe(25);
});

it('takes folders of several names for classes', async () => {
  const found = await plan({
    'cat/a.csv': rows(),
    'cat/b.csv': rows(41),
    'dog/a.csv': rows(42),
    'dog/b.csv': rows(43),
  });
  expect(found.plan!.labelFrom).toBe('file');
  expect(found.files.map(({ label }) => label)).toEqual(['cat', 'cat', 'dog', 'dog']);
});

it('asks about a preparation that cannot be', async () => {
  const found = await plan({ 'a.csv': rows() }, {}, { prepare: { steps: [{ step: 'low-pass', at: 80 }] } });
  expect(found.plan!.doubts.map(({ code }) => code)).toContain('recordings.filter');
});

it('lists files that hold no rows or are no text, and plans by the others', async () => {
  const found = await plan({ 'a.csv': '# nothing\n', 'b.csv': '', 'c.csv': rows() });
  expect(found.unreadable).toEqual([
    { path: 'a.csv', reason: 'empty', message: 'The file holds no rows.' },
    {
      path: 'b.csv',
      reason: 'empty',
      message: 'The file is empty (0 bytes). Copy it again from its source.',
    },
  ]);
  expect(found.plan).not.toBeNull();
  expect((await plan({ 'a.csv': '# nothing\n' })).plan).toBeNull();
});

it('looks at all files where none of the first can be read', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `${String(at).padStart(2, '0')}.csv`,
      at === 7 ? rows() : '# nothing\n',
    ]),
  );
  const found = await plan(files);
  expect(found.plan).not.toBeNull();
});
