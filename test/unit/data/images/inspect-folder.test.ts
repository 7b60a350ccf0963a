import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/data/import.ts';
import { inspectImageFolder } from '../../../../src/data/images/inspect-folder.ts';
import { listFiles } from '../../../../src/data/reading/listing.ts';
import { folderOf } from '../../../fixtures/imports.ts';

async function look(files: Record<string, string>, options: Record<string, unknown> = {}) {
  const folder = await folderOf(files);
  const shared = importSchema.parse({
    path: folder,
    ...options,
    ...(options['labels'] !== undefined && { labels: join(folder, 'labels.csv') }),
  });
  return inspectImageFolder(await listFiles(folder), shared, {});
}
const twelve = Object.fromEntries(
  Array.from({ length: 12 }, (_, at) => [`${at % 2 ? 'cat' : 'dog'}/${at}.png`, 'x']),
);

it('counts images and classes by names, before anything is read', async () => {
  const found = await look(twelve);
  expect(found.classes).toEqual([
    { name: 'cat', files: 6 },
    { name: 'dog', files: 6 },
  ]);
  expect(found).toMatchObject({ labelsFrom: 'folders', doubts: [], columns: [] });
  expect(found.notes).toEqual(['12 image files.']);
});

it('says where images will have no labels, and what else lies there', async () => {
  const { notes } = await look({ 'a.png': 'x', 'notes.xlsx': 'x', 'more.docx': 'x' });
  expect(notes).toEqual([
    '1 image file.',
    'There are no class folders, so the images will have no labels, unless a label file gives them.',
    '2 other files beside the images.',
  ]);
});

it('offers a table that could be the label file, until one is named', async () => {
  const files = { 'a.png': 'x', 'b.png': 'x', 'labels.csv': 'file,label\na.png,cat\nb.png,dog\n' };
  const offered = await look(files);
  expect(offered.columns).toEqual(['file', 'label']);
  expect(offered.exampleRows).toEqual([
    ['a.png', 'cat'],
    ['b.png', 'dog'],
  ]);
  expect(offered.notes).toContain(
    '“labels.csv” could be the label file; the option “labels” takes labels from it (in the window: “Take labels from a file…”).',
  );
  const named = await look(files, { labels: '' });
  expect(named.columns).toEqual([]);
  expect(named).toMatchObject({ labelsFrom: 'files' });
});
