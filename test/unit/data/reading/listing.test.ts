import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listFiles, naturalOrder, systemWords } from '../../../../src/data/reading/listing.ts';
import { failureOf, folderOf } from '../../../fixtures/imports.ts';

it('lists files as people count, without what systems leave there', async () => {
  const folder = await folderOf({
    'b/10.png': '',
    'b/2.png': '',
    'a.png': '',
    '.hidden': '',
    'Thumbs.db': '',
    '@eaDir/a.png': '',
    '__MACOSX/a.png': '',
  });
  const listing = await listFiles(folder);
  expect(listing.files.map(({ path }) => path)).toEqual(['a.png', 'b/2.png', 'b/10.png']);
  expect(systemWords(listing)).toMatch(/“@eaDir”.*“__MACOSX”|“__MACOSX”.*“@eaDir”/);
  expect(systemWords(listing)).not.toContain('Thumbs');
});

it('follows links but never in circles, and names broken ones as files', async () => {
  const folder = await folderOf({ 'a/1.png': '' });
  await symlink(folder, join(folder, 'a', 'up'));
  await symlink(join(folder, 'a'), join(folder, 'twin'));
  await symlink(join(folder, 'gone'), join(folder, 'broken.png'));
  const { files } = await listFiles(folder);
  expect(files.map(({ path }) => path)).toEqual(['a/1.png', 'broken.png', 'twin/1.png']);
});

it('stops at a limit, takes one file alone, and tells empty folders that look like files', async () => {
  const folder = await folderOf({ 'a.png': '', 'b.png': '', 'c.png': '' });
  await mkdir(join(folder, 'd.mff'));
  const cut = await listFiles(folder, 2);
  expect([cut.files.length, cut.cut]).toEqual([2, true]);
  expect((await listFiles(folder)).emptyFolders).toEqual(['d.mff']);
  expect(await listFiles(join(folder, 'b.png'))).toMatchObject({ isFile: true, files: [{ path: 'b.png' }] });
  expect(await failureOf(listFiles(join(folder, 'none')))).toMatchObject({ code: 'path.missing' });
});

it('puts numbers in names in their order', () => {
  expect(['10.png', '9.png', '1a.png', '1.png'].toSorted(naturalOrder)).toEqual([
    '1.png',
    '1a.png',
    '9.png',
    '10.png',
  ]);
});
