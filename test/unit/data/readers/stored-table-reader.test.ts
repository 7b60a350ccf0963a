import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/data/import.ts';
import { storedTableReader } from '../../../../src/data/readers/stored-table-reader.ts';
import { FileProblem } from '../../../../src/data/problem.ts';
import { createIssueList } from '../../../../src/data/reading/issues.ts';
import { listFiles } from '../../../../src/data/reading/listing.ts';
import type { ReadRequest } from '../../../../src/data/reading/types.ts';
import { tableSchema } from '../../../../src/data/tables/options.ts';
import type { StoredTable } from '../../../../src/data/tables/stored/stored.ts';
import type { PretextError } from '../../../../src/contract/errors.ts';
import { join } from 'node:path';
import { folderOf } from '../../../fixtures/imports.ts';

const table = (path: string, more: Partial<StoredTable> = {}): StoredTable => ({
  path,
  names: ['size', 'kind'],
  units: [null, null],
  notes: [],
  doubts: [],
  async *rows() {
    yield [1, 2, 3].map((line) => ({ line, cells: [String(line), line > 1 ? 'a' : 'b'] }));
  },
  ...more,
});

/** A format whose files begin with T; what follows says how they are opened. */
const reader = (more: Partial<Parameters<typeof storedTableReader>[0]> = {}) =>
  storedTableReader({
    id: 'made-table',
    title: 'Made-up tables',
    summary: 'A made-up table.',
    extensions: ['tab1'],
    options: tableSchema,
    looksLike: (head) => head[0] === 'T'.charCodeAt(0),
    open: ({ path }) =>
      path.startsWith('broken')
        ? Promise.reject(new FileProblem('broken', 'It is cut off.'))
        : Promise.resolve(table(path)),
    ...more,
  });
const own = tableSchema.parse({});
const optionsOf = (path: string, more: object = {}) => importSchema.parse({ path, ...more });

async function inspected(files: Record<string, string>, more = {}, options = {}) {
  const folder = await folderOf(files);
  return reader(more).inspect(await listFiles(folder), optionsOf(folder, options), own);
}
async function failureOf(files: Record<string, string>, more = {}) {
  const folder = await folderOf(files);
  const issues = createIssueList();
  const request = {
    listing: await listFiles(folder),
    options: optionsOf(folder),
    own,
    issues,
  } as ReadRequest;
  const error = await reader(more)
    .read(request)
    .then(
      () => null,
      (thrown: PretextError) => thrown,
    );
  return { failure: error?.failure, issues: issues.all, folder };
}

describe('what is recognised', () => {
  const sureOf = async (files: Record<string, string>, name = '', more = {}) => {
    const folder = await folderOf(files);
    return reader(more).recognise(await listFiles(join(folder, name)));
  };
  it('is told by name and first bytes together, or by the bytes alone where these are unmistakable', async () => {
    expect(await sureOf({ 'a.TAB1': 'Table' })).toBe(1);
    expect(await sureOf({ 'a.tab1': 'other' })).toBe(0);
    expect(await sureOf({ 'a.bin': 'Table' }, 'a.bin')).toBe(0);
    expect(await sureOf({ 'a.bin': 'Table' }, 'a.bin', { isUnmistakable: true })).toBe(1);
    expect(await sureOf({ 'a.bin': 'Table' }, '', { isUnmistakable: true })).toBe(0);
  });

  it('is as sure as the format is, half sure of what is broken', async () => {
    expect(await sureOf({ 'a.tab1': 'T' }, '', { certainty: () => Promise.resolve(0.7) })).toBe(0.7);
    expect(await sureOf({ 'a.tab1': 'T' }, '', { certainty: () => Promise.reject(new Error('cut')) })).toBe(
      0.5,
    );
  });
});

describe('a look', () => {
  it('tells columns, notes and doubts of all files, and which cannot be read', async () => {
    const found = await inspected(
      { 'a.tab1': 'T', 'broken.tab1': 'T' },
      {
        open: ({ path }: { path: string }) =>
          path.startsWith('broken')
            ? Promise.reject(new FileProblem('broken', 'It is cut off.'))
            : Promise.resolve(
                table(path, {
                  notes: [{ reason: 'nested', message: 'A list is not read.' }],
                  doubts: [{ code: 'table.sheet', message: 'Which?', remedy: 'Say.', blocking: true }],
                }),
              ),
      },
    );
    expect(found.tableColumns!.map(({ name }) => name)).toEqual(['size', 'kind']);
    expect(found.doubts!.map(({ code }) => code)).toContain('table.sheet');
    expect(found.notes.slice(-2)).toEqual(['A list is not read.', '“broken.tab1”: It is cut off.']);
  });

  it('of files that none can be read says why', async () => {
    expect(await inspected({ 'broken.tab1': 'T' })).toEqual({
      classes: [],
      notes: ['“broken.tab1”: It is cut off.'],
    });
  });

  it('asks whether rows follow each other in time, unless the format was chosen', async () => {
    const more = { orSignals: { reader: 'made-signals', of: () => Promise.resolve(true) } };
    const asked = await inspected({ 'a.tab1': 'T' }, more);
    expect(asked.doubts![0]).toEqual({
      code: 'table.or-signals',
      message: 'The columns hold numbers: each row may be a sample of its own, or a moment of a recording.',
      remedy: 'Choose the format: “made-table” for rows of their own, “made-signals” for a recording.',
      blocking: true,
    });
    const chosen = await inspected({ 'a.tab1': 'T' }, more, { format: 'made-table' });
    expect(chosen.doubts!.map(({ code }) => code)).not.toContain('table.or-signals');
  });
});

describe('an import', () => {
  it('is refused where it has to be said what is meant', async () => {
    const doubts = [
      { code: 'table.sheet', message: 'Which sheet?', remedy: 'Name it (sheet).', blocking: true },
    ];
    const { failure, folder } = await failureOf(
      { 'a.tab1': 'T' },
      { open: ({ path }: { path: string }) => Promise.resolve(table(path, { doubts })) },
    );
    expect(failure).toEqual({
      code: 'table.sheet',
      message: 'Which sheet?',
      remedy: 'Name it (sheet).',
      place: folder,
    });
  });

  it('of nothing that can be read names the first file, and lists what is no table', async () => {
    const { failure, issues } = await failureOf({ 'broken.tab1': 'T', 'a.png': 'x', 'readme.txt': 'x' });
    expect(failure).toMatchObject({ code: 'dataset.empty' });
    expect(issues.map(({ file, reason, message }) => [file, reason, message])).toEqual([
      ['a.png', 'other-format', 'The name is none of this format.'],
      ['broken.tab1', 'broken', 'It is cut off.'],
    ]);
  });
});
