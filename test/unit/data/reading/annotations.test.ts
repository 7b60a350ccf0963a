import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/data/import.ts';
import { createAnnotator, parseTargetNumber } from '../../../../src/data/reading/annotations.ts';
import { createIssueList } from '../../../../src/data/reading/issues.ts';
import { listFiles } from '../../../../src/data/reading/listing.ts';
import { folderOf } from '../../../fixtures/imports.ts';

/** What is known about each file, by its path. */
async function annotate(paths: string[], options: Record<string, unknown>, table?: string) {
  const folder = await folderOf(Object.fromEntries(paths.map((path) => [path, 'x'])));
  const file = join(await folderOf(), 'labels.csv');
  if (table !== undefined) await writeFile(file, table);
  const issues = createIssueList();
  const listing = await listFiles(folder);
  const annotator = await createAnnotator(
    listing,
    importSchema.parse({ path: folder, ...options, ...(table !== undefined && { labels: file }) }),
    issues,
  );
  const found = Object.fromEntries(listing.files.map((one) => [one.path, annotator.annotate(one)]));
  return {
    ...annotator,
    found,
    issues: issues.all.map(({ file: of, reason, message }) => [of, reason, message]),
  };
}

describe('a path pattern', () => {
  it('gives columns, a label by its name, and leaves out what does not fit', async () => {
    const { found, givesLabels, issues } = await annotate(['s1-left.txt', 's2-right.txt', 'notes.txt'], {
      pathPattern: '{subject}-{label}.txt',
    });
    expect(givesLabels).toBe(true);
    expect(found).toEqual({
      's1-left.txt': { columns: { subject: 's1', label: 'left' }, label: 'left' },
      's2-right.txt': { columns: { subject: 's2', label: 'right' }, label: 'right' },
      'notes.txt': null,
    });
    expect(issues).toEqual([
      [
        'notes.txt',
        'path-pattern',
        'The path does not fit the pattern “{subject}-{label}.txt”, so its columns are unknown. Change the pattern or rename the file.',
      ],
    ]);
  });

  it('takes the column that is asked for as the label, and “unlabeled” for none', async () => {
    const { found } = await annotate(['a-unlabeled.txt', 'a-up.txt'], {
      pathPattern: '{who}-{move}.txt',
      labelColumn: 'move',
    });
    expect([found['a-up.txt']!.label, found['a-unlabeled.txt']!.label]).toEqual(['up', null]);
  });

  it('without a label says nothing about labels', async () => {
    const { found, givesLabels } = await annotate(['s1/a.txt'], { pathPattern: '{subject}/{take}.txt' });
    expect(givesLabels).toBe(false);
    expect(found['s1/a.txt']).toEqual({ columns: { subject: 's1', take: 'a' }, label: undefined });
  });
});

describe('a label file', () => {
  const table = 'file,label,site\na.txt,cat,north\nb.txt,,south\nd.txt,?,south\n';
  it('gives labels and columns; what it says nothing of is unlabeled, with a note', async () => {
    const { found, issues, givesLabels, isLabelFile } = await annotate(
      ['a.txt', 'b.txt', 'c.txt', 'd.txt'],
      {},
      table,
    );
    expect(givesLabels).toBe(true);
    expect(isLabelFile({ path: 'labels.csv', absolute: '/elsewhere/labels.csv' })).toBe(false);
    expect(found['a.txt']).toMatchObject({ label: 'cat', columns: { site: 'north' } });
    expect([found['b.txt']!.label, found['c.txt']!.label, found['d.txt']!.label]).toEqual([null, null, null]);
    expect(issues).toEqual([
      ['b.txt', 'missing-label', 'Imported without a label: its cell in row 3 of “labels.csv” is empty.'],
      ['c.txt', 'unlabeled-file', 'Imported without a label: “labels.csv” has no row for it.'],
      ['d.txt', 'missing-label', 'Imported without a label: its cell in row 4 of “labels.csv” holds “?”.'],
    ]);
  });

  it('goes together with a pattern: its label counts, the columns of both', async () => {
    const { found } = await annotate(
      ['n/a.txt'],
      { pathPattern: '{wing}/{take}.txt' },
      'file,label\nn/a.txt,cat\n',
    );
    expect(found['n/a.txt']).toMatchObject({ label: 'cat', columns: { wing: 'n', take: 'a' } });
  });
});

it('reads a target number, and says of what is none that it is', () => {
  const issues = createIssueList();
  expect(
    ['1.5', ' -2e3 ', '0x10', 'many', '1,5'].map((label) => parseTargetNumber(label, 'a.txt', issues)),
  ).toEqual([1.5, -2000, NaN, NaN, NaN]);
  expect(parseTargetNumber(null, 'a.txt', issues)).toBeNaN();
  expect(issues.all.map(({ message }) => message)).toEqual(
    ['0x10', 'many', '1,5'].map((label) => `Imported without a label: “${label}” is not a number.`),
  );
});
